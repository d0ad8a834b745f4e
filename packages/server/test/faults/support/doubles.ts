import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProcessId } from '@fairway/core'
import { type FakeWorld, fakeWorld, pushPayload, signedDelivery } from '@fairway/core/testing'
import { onTestFinished, vi } from 'vitest'
import {
  createServer,
  type Deployment,
  type Executors,
  type FairwayServer,
  type Journal,
  memoryJournal,
  sqliteJournal,
} from '../../../src/index.ts'
import { recordingLogger } from '../../support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'
const path = '/srv/shop'
/** Held while a deployment runs, and free afterwards, however it ended. */
export const locks = [`checkout:${path}`, 'project:fake/shop']

/** A machine of doubles whose remote has a repository with a service that is built. */
export function machine(): FakeWorld & { readonly push: (version: string) => string } {
  const world = fakeWorld({ path })
  const push = (version: string): string =>
    world.git.commit('refs/heads/main', {
      'docker-compose.prod.yml': 'services: { web: { build: ./web }, cache: { image: cache } }\n',
      'web/Dockerfile': 'FROM scratch\n',
      'web/index.html': version,
    })
  return { ...world, push }
}

/** A server with doubles around it, for one app. */
export interface Served {
  readonly server: FairwayServer
  readonly lines: readonly string[]
  /** Sends a signed push and gives the id of its deployment. */
  readonly post: () => Promise<string>
}

export function serving(executors: Executors, journal: Journal): Served {
  const logger = recordingLogger()
  const server = createServer({
    config: {
      // What it does by itself would make calls of its own.
      server: { logFile: null, catchUp: 0 },
      webhook: { secrets: [secret] },
      apps: {
        shop: { repository: 'acme/shop', branch: 'main', path, url: 'https://example.com/acme/shop.git' },
      },
    },
    logger,
    journal,
    executors,
  })
  return {
    server,
    lines: logger.lines,
    async post() {
      const { headers, body } = signedDelivery({ secret, payload: pushPayload() })
      const answer = await server.app.request('/webhook', {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: new Uint8Array(body),
      })
      if (answer.status !== 202) throw new Error(`answered ${answer.status}`)
      const { deployments } = (await answer.json()) as { deployments: { id: string }[] }
      return deployments[0]?.id ?? ''
    },
  }
}

/** Waits for the end of a deployment. */
export function ended(journal: Journal, id: string): Promise<Deployment> {
  return vi.waitFor(
    async () => {
      const deployment = await journal.deployment(id)
      if (!deployment?.endedAt) throw new Error(`${id} is ${deployment?.status ?? 'not there'}`)
      return deployment
    },
    { timeout: 10_000, interval: 2 },
  )
}

/** A journal that every process of a machine opens anew; closed when the test ends. */
export type OpenJournal = (owner?: ProcessId) => Journal

export async function journalIn(kind: 'memory' | 'sqlite'): Promise<OpenJournal> {
  if (kind === 'memory') return () => memoryJournal()
  const directory = await mkdtemp(join(tmpdir(), 'fairway-faults-'))
  const opened: Journal[] = []
  onTestFinished(async () => {
    for (const journal of opened) await journal.close()
    await rm(directory, { recursive: true, force: true })
  })
  return (owner) => {
    const journal = sqliteJournal({ directory, ...(owner ? { owner } : {}) })
    opened.push(journal)
    return journal
  }
}
