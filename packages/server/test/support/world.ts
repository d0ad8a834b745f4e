import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App, Delivery, Logger } from '@fairway/core'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { makeOrigin, type Origin } from '../../../../scripts/lib/origin.ts'
import { removeProject } from '../../../../scripts/lib/remove-project.ts'
import { run } from '../../../../scripts/lib/run.ts'
import { checkConfig } from '../../src/config/check-config.ts'
import {
  type ConfigInput,
  createServer,
  type Deployment,
  type Executors,
  type Journal,
  memoryJournal,
} from '../../src/index.ts'
import { recordingLogger } from './recording-logger.ts'

export const secret = 'a secret of more than sixteen characters'

type AppInput = NonNullable<ConfigInput['apps']>[string]

let serial = 0

/** One app with its origin, checkout and Compose project, and a server that deploys it. */
export interface World {
  readonly folder: string
  readonly project: string
  readonly path: string
  readonly origin: Origin
  readonly lines: readonly string[]
  readonly journal: Journal
  readonly log: Logger
  /** As the server has it. */
  readonly app: App
  /** Sends a delivery to the server. */
  send(delivery: Delivery): Promise<Response>
  /** Sends a signed push of what origin has now and waits for the end of its deployment. */
  deploy(): Promise<Deployment>
  /** Waits until a deployment has ended. */
  ended(id: string): Promise<Deployment>
  /** What a service answers over the network of its container. */
  served(service: string, page?: string): Promise<string>
  containers(): Promise<ReadonlyMap<string, string>>
  /** What a command in a service's container prints. */
  inside(service: string, ...command: readonly string[]): Promise<string>
  /** What git says in the checkout. */
  git(...args: readonly string[]): Promise<string>
  close(): Promise<void>
}

export interface MakeWorldOptions {
  /** Of the app. Pruning takes an app's images that nobody uses, whichever test built them: one that counts them needs its own. Default: shop. */
  readonly name?: string
  /** Keys of the app beside those that every one has. */
  readonly app?: Partial<AppInput>
  /** Those that differ from the real ones. */
  readonly executors?: Partial<Executors>
}

export async function makeWorld({
  name = 'shop',
  app = {},
  executors = {},
}: MakeWorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-e2e-'))
  const project = `fairwaytest${process.pid}x${serial++}`
  const path = join(folder, 'checkout')
  const origin = await makeOrigin(folder)
  const logger = recordingLogger()
  const journal = memoryJournal()
  const config: ConfigInput = {
    server: { logFile: null },
    webhook: { secrets: [secret] },
    apps: {
      [name]: {
        repository: 'acme/shop',
        url: origin.url,
        branch: 'main',
        path,
        project,
        ...app,
        rollout: { settle: '500ms', healthTimeout: '20s', ...app.rollout },
      },
    },
  }
  const [shop] = checkConfig(config).apps
  if (!shop) throw new Error('The configuration has no app')
  const server = createServer({ config, logger, journal, executors })
  const docker = (...args: readonly string[]): Promise<string> => run('docker', args)
  const label = `label=com.docker.compose.project=${project}`
  const containers = async (): Promise<ReadonlyMap<string, string>> => {
    const listed = await docker(
      'ps',
      '--no-trunc',
      '--filter',
      label,
      '--format',
      '{{.Label "com.docker.compose.service"}} {{.ID}}',
    )
    return new Map(
      listed
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' ') as [string, string]),
    )
  }

  const inside: World['inside'] = async (service, ...command) => {
    const id = (await containers()).get(service)
    if (id === undefined) throw new Error(`${service} has no running container`)
    return (await docker('exec', id, ...command)).trim()
  }
  const ended = async (id: string): Promise<Deployment> => {
    for (const until = performance.now() + 90_000; performance.now() < until;) {
      const deployment = await journal.deployment(id)
      if (deployment?.endedAt) return deployment
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`Deployment ${id} did not end:\n${logger.lines.join('\n')}`)
  }
  const send = async ({ headers, body }: Delivery): Promise<Response> =>
    server.app.request('/webhook', {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
    })

  return {
    folder,
    project,
    path,
    origin,
    lines: logger.lines,
    log: logger,
    app: shop,
    journal,
    send,
    ended,
    async deploy() {
      const answer = await send(signedDelivery({ secret, payload: pushPayload() }))
      const { deployments } = (await answer.json()) as { deployments: { id: string }[] }
      return ended(deployments[0]?.id ?? '')
    },
    served: (service, page = 'index.html') =>
      inside(service, 'wget', '-q', '-O', '-', `http://127.0.0.1:8080/${page}`),
    containers,
    inside,
    git: async (...args) => (await run('git', args, { directory: path })).trim(),
    async close() {
      await server.close()
      await removeProject(project)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** An image of busybox that serves what is copied into it on port 8080; no other test process makes the same one, nor finds it by its content. */
export const dockerfile = `FROM local/busybox:latest
ENV MADE_BY_TEST=${randomUUID()}
COPY . /www/
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
`

/** Compose's YAML for services built from a folder each. */
export function composeFile(services: Readonly<Record<string, string>>): string {
  const sections = Object.entries(services).map(
    ([name, build]) => `  ${name}:\n    build: ${build}\n    init: true\n`,
  )
  return `services:\n${sections.join('')}`
}
