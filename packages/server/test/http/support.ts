import { createHmac } from 'node:crypto'
import {
  fakeClock,
  fakeCompose,
  fakeContainer,
  fakeEngine,
  type FakeCompose,
  type FakeEngine,
  fakeFiles,
  type FakeGit,
  fakeGit,
  fakeLocks,
  signedDelivery,
  type SignedDeliveryOptions,
} from '@fairway/core/testing'
import { expect, onTestFinished } from 'vitest'
import { createServer, type FairwayServer, type Journal, memoryJournal } from '../../src/index.ts'
import type { ConfigInput } from '../../src/config/config.ts'
import { recordingLogger } from '../support/recording-logger.ts'

export const secret = 'a secret of more than sixteen characters'
export const previous = 'the one before it, still valid for a while'
/** The blog takes this one alone. */
export const own = 'the blog takes only this secret of its own'
export const message = 'Webhook received and processing started in background!'

/** What no answer and no log line may show; every delivery carries it in headers that nobody asked for. */
const planted = 'PLANTED-IN-A-HEADER'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export type Given = Partial<SignedDeliveryOptions>

/** A server whose executors are doubles, so that what it accepts is really deployed, to nowhere. */
export interface Front {
  readonly server: FairwayServer
  readonly lines: readonly string[]
  readonly journal: Journal
  readonly git: FakeGit
  readonly compose: FakeCompose
  readonly engine: FakeEngine
  /** Sends a delivery, signed unless its headers say otherwise. */
  readonly post: (given?: Given) => Promise<Answer>
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>
  /** Waits until no deployment is under way. */
  readonly settled: () => Promise<void>
}

export interface FrontOptions {
  readonly config?: ConfigInput
  readonly journal?: Journal
  /** A bug is a part of the test. */
  readonly broken?: boolean
}

/** Opens a front door; when its test ends, nothing that it said may have given anything away (V22). */
export function front({ config = {}, journal = memoryJournal(), broken = false }: FrontOptions = {}): Front {
  const logger = recordingLogger()
  const git = fakeGit()
  git.commit('refs/heads/main', { 'web/index.html': 'one\n' })
  for (const path of ['/srv/shop', '/srv/blog']) git.checkOut(path)
  const engine = fakeEngine()
  for (const project of ['shop', 'blog']) engine.show(project, [fakeContainer({ service: 'web' })])
  const build = { context: '/srv/shop/web', additionalContexts: [], digest: 'sha256:web' }
  const compose = fakeCompose({ services: [{ name: 'web', replicas: 1, build }] })
  const files = fakeFiles({
    '/srv/shop/docker-compose.prod.yml': 'services: {}\n',
    '/srv/blog/docker-compose.prod.yml': 'services: {}\n',
  })
  const server = createServer({
    config: {
      webhook: { secrets: [secret, previous] },
      apps: {
        shop: { repository: 'acme/shop', branch: 'main', path: '/srv/shop' },
        blog: { repository: 'acme/blog', branch: 'main', path: '/srv/blog', webhookSecrets: [own] },
      },
      ignore: ['deployer'],
      ...config,
      server: { logFile: null, ...config.server },
    },
    logger,
    journal,
    executors: { git, compose, engine, files, locks: fakeLocks(), clock: fakeClock() },
  })

  const told: string[] = []
  const signatures = new Set<string>()
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const answer = await server.app.request(path, init)
    const text = await answer.text()
    told.push(text, ...[...answer.headers].flat())
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
    const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: answer.status, headers: answer.headers, body }
  }
  onTestFinished(async () => {
    await server.close()
    expectNoLeaks([...told, ...logger.lines], signatures)
    expect(told.join('\n')).not.toMatch(/\n\s+at /)
    if (!broken) expect(logger.lines.filter((line) => line.includes('Unexpected error in'))).toEqual([])
  })

  return {
    server,
    lines: logger.lines,
    journal,
    git,
    compose,
    engine,
    async post(given = {}) {
      const { headers, body } = signedDelivery({ secret, ...given })
      for (const key of [secret, previous, own]) {
        signatures.add(createHmac('sha256', key).update(body).digest('hex'))
      }
      const all = {
        'x-github-encoded-secret': `${planted}-1`,
        authorization: `Bearer ${planted}-2`,
        cookie: `session=${planted}-3`,
        ...headers,
      }
      const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
      return ask('/webhook', {
        method: 'POST',
        headers: Object.fromEntries(present),
        body: new Uint8Array(body),
      })
    },
    get: (path, headers = {}) => ask(path, { headers: { cookie: planted, ...headers } }),
    async settled() {
      await expect
        .poll(async () => (await journal.deployments()).filter(({ endedAt }) => endedAt === null))
        .toEqual([])
    },
  }
}

/** V22: neither a secret, nor a signature that would have been right, nor a header that nobody asked for. */
function expectNoLeaks(told: readonly string[], signatures: ReadonlySet<string>): void {
  const text = told.join('\n').toLowerCase()
  for (const hidden of [secret, previous, own, planted, ...signatures]) {
    expect(text.includes(hidden.toLowerCase()), `V22: ${hidden} was told`).toBe(false)
  }
}
