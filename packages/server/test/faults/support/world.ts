import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { removeProject } from '../../../../../scripts/lib/remove-project.ts'
import { appFiles, type Content, contentFiles, freePort, type Ports, served } from './app.ts'
import { makeOrigin, type Origin } from './origin.ts'
import { type ServeOptions, type ServerProcess, startServerProcess } from './server-process.ts'

export const secret = 'a secret of more than sixteen characters'
export const app = 'shop'

/** An origin, an app of two services that is followed, and a place for a server process that deploys it. */
export interface World {
  readonly folder: string
  readonly dataDir: string
  readonly checkout: string
  readonly project: string
  readonly ports: Ports
  readonly origin: Origin
  /** The newest server, running or not. */
  readonly server: ServerProcess
  /** What should be served: that of the branch's tip. */
  readonly content: Content
  /** Starts a server here; resolves at once. */
  start(options?: Partial<ServeOptions>): ServerProcess
  /** A commit that changes what is served, and more files; gives it. */
  change(content: Partial<Content>, files?: Readonly<Record<string, string>>): Promise<string>
  /** Sends a signed push of a commit to a server. */
  push(commit: string, options?: PushOptions): Promise<Answer>
  /** Whether both services serve the tip. */
  isServed(): Promise<boolean>
  close(): Promise<void>
}

interface PushOptions {
  readonly id?: string
  readonly before?: string
  /** Of the server; default: where the newest one listens. */
  readonly url?: string
}

/** What became of a delivery; `status` is undefined where no answer came. */
export interface Answer {
  readonly id: string
  readonly status: number | undefined
  readonly deployments: readonly string[]
  readonly headers: Headers
}

export interface WorldOptions {
  /** Further lines of fairway.yaml, indented as they stand there. */
  readonly server?: string
  readonly app?: string
  readonly dataDir?: string
}

let serial = 0

export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-faults-'))
  serial += 1
  const project = `fairwayfaults${process.pid}x${serial}`
  const checkout = join(folder, 'checkout')
  const { dataDir = join(folder, 'data') } = options
  const ports = { web: await freePort(), api: await freePort() }
  const origin = await makeOrigin(join(folder, 'origin.git'))
  let content: Content = { web: '0', api: '0' }
  let server: ServerProcess | undefined
  const running = (): ServerProcess => {
    if (!server) throw new Error('No server has been started')
    return server
  }
  const file = { checkout, project, url: origin.url, dataDir, ...options }
  await writeFile(join(folder, 'fairway.yaml'), configuration(file))
  await origin.commit(appFiles(ports))

  return {
    folder,
    dataDir,
    checkout,
    project,
    ports,
    origin,
    get server() {
      return running()
    },
    get content() {
      return content
    },
    start(given = {}) {
      server = startServerProcess({ directory: folder, ...given })
      return server
    },
    change(changes, files = {}) {
      content = { ...content, ...changes }
      return origin.commit({ ...contentFiles(content), ...files })
    },
    push: async (commit, { url, ...given } = {}) => push(url ?? (await running().url), commit, given),
    async isServed() {
      const [web, api] = await Promise.all([served(ports.web), served(ports.api)])
      return web === content.web && api === content.api
    },
    async close() {
      await server?.end('tree')
      await removeProject(project)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Sends a signed push of a commit to a server. */
export async function push(
  url: string,
  commit: string,
  { id = crypto.randomUUID(), before }: PushOptions = {},
): Promise<Answer> {
  const payload = pushPayload({
    repository: 'acme/shop',
    after: commit,
    ...(before === undefined ? {} : { before }),
  })
  const { headers, body } = signedDelivery({ secret, id, payload })
  let answer: Response
  try {
    answer = await fetch(`${url}/webhook`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(30_000),
    })
  } catch {
    return { id, status: undefined, deployments: [], headers: new Headers() }
  }
  // A promise by its status alone: whether the body came in whole doesn't matter.
  const text = await answer.text().catch(() => '{}')
  const { deployments = [] } = JSON.parse(text) as { deployments?: readonly { readonly id: string }[] }
  return { id, status: answer.status, deployments: deployments.map((one) => one.id), headers: answer.headers }
}

interface File extends WorldOptions {
  readonly checkout: string
  readonly project: string
  readonly url: string
  readonly dataDir: string
}

function configuration(file: File): string {
  return `server:
  dataDir: ${file.dataDir}
  logFile: null
  logFormat: text
  # All of it is judged in the end.
  keep: { deployments: 100000 }
${file.server ?? ''}
webhook:
  secrets: ['${secret}']
apps:
  ${app}:
    repository: acme/shop
    url: ${file.url}
    branch: main
    path: ${file.checkout}
    project: ${file.project}
    rollout: { settle: 500ms, healthTimeout: 30s }
${file.app ?? ''}
`
}
