import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { makeOrigin, type Origin } from '../../../../scripts/lib/origin.ts'
import { removeProject } from '../../../../scripts/lib/remove-project.ts'
import { run } from '../../../../scripts/lib/run.ts'
import { composeFile, dockerfile } from '../../../server/test/support/world.ts'
import { fairway, folder, inProcess, secret, type Serving } from '../support.ts'

export const environment = { GITHUB_WEBHOOK_SECRET: secret }
let serial = 0

export interface Setting {
  readonly directory: string
  readonly origin: Origin
  readonly page: () => Promise<string>
}

/** A configured app whose origin serves `v1`; nothing is deployed yet. */
export async function setting(): Promise<Setting> {
  const project = `fairwaycli${process.pid}x${serial++}`
  const directory = await folder()
  const origin = await makeOrigin(directory)
  await writeFile(
    join(directory, 'fairway.yaml'),
    `server: { port: 0, catchUp: 0 }\napps:\n  shop:\n    repository: acme/shop\n    url: ${origin.url}\n    path: ./checkout\n    project: ${project}\n    rollout: { settle: 300ms }\n`,
  )
  onTestFinished(async () => {
    await removeProject(project)
    await rm(directory, { recursive: true, force: true })
  })
  await origin.commit('first', {
    'compose.yaml': composeFile({ web: './web' }),
    'web/Dockerfile': dockerfile,
    'web/index.html': 'v1\n',
    // An image of an earlier run must not do.
    'web/unique.txt': `${randomUUID()}\n`,
  })
  await origin.push()
  const page = (): Promise<string> =>
    run('docker', ['exec', `${project}-web-1`, 'wget', '-q', '-O', '-', 'http://127.0.0.1:8080/'])
  return { directory, origin, page }
}

/** A new version whose build takes some seconds. */
export async function pushSlowBuild(origin: Origin, text: string, seconds = 4): Promise<void> {
  // Docker must not have this very build in its cache, from an earlier run.
  const slow = dockerfile.replace('CMD', `RUN sleep ${seconds} # ${text} ${randomUUID()}\nCMD`)
  await origin.commit(text, { 'web/Dockerfile': slow, 'web/index.html': `${text}\n` })
  await origin.push()
}

/** Asks a server, which has told where it listens, for a deployment of main. */
export async function sendPush(server: Serving, directory: string): Promise<void> {
  const [, url = ''] = /Listening on (\S+)/.exec(await server.line(/Listening on/)) ?? []
  const args = ['send', '--url', `${url}/webhook`, '--repo', 'acme/shop', '--ref', 'main']
  const { exitCode, stderr } = await fairway(args, { directory, environment })
  if (exitCode !== 0) throw new Error(stderr)
}

/** The deployments of the journal, newest first. */
export async function listed(directory: string): Promise<readonly Listed[]> {
  return JSON.parse(await read(['deployments', '--json'], directory)) as Listed[]
}

interface Listed {
  readonly id: string
  readonly status: string
  readonly reason: string | null
  readonly commit: string | null
  readonly steps: readonly { readonly name: string }[]
}

/** What a command prints that needs no process of its own. */
export async function read(args: readonly string[], directory: string): Promise<string> {
  const { exitCode, stdout, stderr } = await inProcess(args, { directory, environment })
  if (exitCode !== 0) throw new Error(stderr)
  return stdout
}
