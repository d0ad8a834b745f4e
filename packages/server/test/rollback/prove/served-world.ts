import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tree } from '../../../../../scripts/lib/origin.ts'
import { removeProject } from '../../../../../scripts/lib/remove-project.ts'
import { run } from '../../../../../scripts/lib/run.ts'
import { type Deployment, sqliteJournal } from '../../../src/index.ts'
import { freePort } from '../../faults/support/app.ts'
import { makeOrigin, type Origin } from '../../faults/support/origin.ts'
import { until } from '../../faults/support/quiet.ts'
import { type ServerProcess, startServerProcess } from '../../faults/support/server-process.ts'
import { type Answer, push, secret } from '../../faults/support/world.ts'
import { filesAt, type Ports } from './app-files.ts'
import type { Version } from '../support/versions.ts'

/** An origin, an app of three services that is followed, and `fairway serve` as a process that deploys it. */
export interface ServedWorld {
  /** Of the app, and of no other one on this machine. */
  readonly name: string
  readonly folder: string
  readonly dataDir: string
  readonly checkout: string
  readonly project: string
  readonly ports: Ports
  readonly origin: Origin
  /** The newest server, running or not. */
  readonly server: ServerProcess
  /** What was deployed last with success, as far as a trial has told. */
  readonly last: { good?: Good }
  /** Starts a server here; resolves at once. */
  start(): ServerProcess
  send(commit: string): Promise<Answer>
  /** Pushes a version, or some files on top of what is there; resolves with its deployment, as soon as that is accepted. */
  push(changes: Version | { readonly files: Tree }): Promise<Pushed>
  /** Waits until a deployment has ended. */
  ended(id: string): Promise<Deployment>
  /** The same, both. */
  deploy(changes: Version | { readonly files: Tree }): Promise<Deployment>
  git(...args: readonly string[]): Promise<string>
  close(): Promise<void>
}

/** A version that serves. */
export interface Good {
  readonly page: string
  readonly commit: string
}

interface Pushed {
  readonly id: string
  readonly commit: string
  /** When it was sent, as Date.now() gives it. */
  readonly at: number
}

export interface ServedWorldOptions {
  /** As it stands in fairway.yaml. Default: what an app has that says nothing. */
  readonly rollout?: string
}

let serial = 0

export async function makeServedWorld({ rollout = '{}' }: ServedWorldOptions = {}): Promise<ServedWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-prove-'))
  serial += 1
  const name = `prove${process.pid}x${serial}`
  const project = `fairway${name}`
  const checkout = join(folder, 'checkout')
  const dataDir = join(folder, 'data')
  const ports = { web: await freePort(), api: await freePort() }
  const origin = await makeOrigin(join(folder, 'origin.git'))
  await writeFile(
    join(folder, 'fairway.yaml'),
    `server: { dataDir: "${dataDir}", logFile: null, logFormat: text }
webhook: { secrets: ['${secret}'] }
apps:
  ${name}:
    repository: acme/shop
    url: ${origin.url}
    branch: main
    path: ${checkout}
    project: ${project}
    rollout: ${rollout}
`,
  )
  let server: ServerProcess | undefined
  const running = (): ServerProcess => {
    if (!server) throw new Error('No server has been started')
    return server
  }
  const send = async (commit: string): Promise<Answer> => push(await running().url, commit)
  const pushChanges: ServedWorld['push'] = async (changes) => {
    const files = 'page' in changes ? filesAt(ports, changes) : changes.files
    const commit = await origin.commit(files)
    const at = Date.now()
    const { status, deployments } = await send(commit)
    const [id] = deployments
    if (id === undefined) throw new Error(`The push was answered ${String(status)}, without a deployment`)
    return { id, commit, at }
  }
  const ended = (id: string): Promise<Deployment> =>
    until(
      async () => {
        const found = await deploymentOf(dataDir, id)
        return found?.endedAt ? found : undefined
      },
      { within: 120_000, describe: () => `${id} did not end:\n${running().lines.slice(-60).join('\n')}` },
    )
  return {
    name,
    folder,
    dataDir,
    checkout,
    project,
    ports,
    origin,
    last: {},
    get server() {
      return running()
    },
    start() {
      server = startServerProcess({ directory: folder })
      return server
    },
    send,
    push: pushChanges,
    ended,
    deploy: async (changes) => ended((await pushChanges(changes)).id),
    git: async (...args) => (await run('git', args, { directory: checkout })).trim(),
    async close() {
      await server?.end('tree')
      await removeProject(project)
      await removeKept(name)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One from the journal, which is opened for each look: no handle but the server's is there when that is killed. */
async function deploymentOf(directory: string, id: string): Promise<Deployment | undefined> {
  const journal = sqliteJournal({ directory })
  try {
    return await journal.deployment(id)
  } finally {
    await journal.close()
  }
}

/** Images that Fairway built for the app or keeps for its releases. */
async function removeKept(name: string): Promise<void> {
  const listed = await run('docker', ['images', '--all', '--quiet', '--filter', `label=fairway.app=${name}`])
  const ids = new Set(listed.split('\n').filter((id) => id !== ''))
  if (ids.size > 0) await run('docker', ['rmi', '--force', ...ids])
  const kept = await run('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}', `fairway/${name}/*`])
  const names = kept.split('\n').filter((tag) => tag !== '')
  if (names.length > 0) await run('docker', ['rmi', ...names])
}
