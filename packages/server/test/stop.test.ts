import { type Compose, defineApp, DeployError, pipeline } from '@fairway/core'
import { fakeClock, fakeCompose, fakeEngine } from '@fairway/core/testing'
import { expect, test, vi } from 'vitest'
import { memoryJournal } from '../src/journal/memory-journal.ts'
import type { DeployInput, DeployPipeline } from '../src/pipelines.ts'
import { type Rollout, watchRollout } from '../src/watch-rollout.ts'
import { startWorker } from '../src/worker.ts'
import { delivery } from './journal/journal-contract.ts'
import { recordingLogger } from './support/recording-logger.ts'

type Work = (signal: AbortSignal) => Promise<void>

/** A deployment of four steps, each of which is what a test says, or nothing. */
function shape(rollout: Rollout, { build, up, health }: Partial<Record<'build' | 'up' | 'health', Work>>) {
  const nothing: Work = () => Promise.resolve()
  const inner = {
    ...fakeCompose(),
    up: ((_p, _o, call) => (up ?? nothing)(call?.signal ?? never)) as Compose['up'],
  }
  const { compose } = watchRollout({ compose: inner, engine: fakeEngine() }, rollout)
  const project = { name: 'shop', directory: '/', files: [], envFiles: [], profiles: [], environment: {} }
  return pipeline<DeployInput>()
    .use('lockCheckout', () => {})
    .use('build', (_, { signal }) => (build ?? nothing)(signal))
    .use('applyPlan', (_, run) => compose.up(project, { timeout: 1 }, run))
    .use('waitHealthy', (_, { signal }) => (health ?? nothing)(signal)) as unknown as DeployPipeline
}

const never = new AbortController().signal

const untilAborted: Work = (signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

async function deploying(steps: Partial<Record<'build' | 'up' | 'health', Work>>, clock = fakeClock()) {
  const journal = memoryJournal()
  const log = recordingLogger()
  const worker = startWorker({
    journal,
    findApp: (name) => Promise.resolve(defineApp({ name, repository: 'acme/shop', path: '/srv/shop' })),
    pipeline: (rollout) => shape(rollout, steps),
    concurrency: () => 1,
    log,
    clock,
  })
  const { deployments } = await journal.accept(delivery('d1', 'shop'))
  await journal.accept(delivery('d2', 'blog'))
  worker.wake()
  const id = deployments[0]?.id ?? ''
  const status = async (): Promise<string | undefined> => (await journal.deployment(id))?.status
  await vi.waitFor(async () => expect(await status()).toBe('in_progress'))
  return { journal, worker, status, lines: log.lines, id }
}

function door(): { open: () => void; wait: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, wait: promise }
}

test('F27: what builds is broken off at once and left to the next start; what waits stays queued', async () => {
  const { worker, journal, status, lines, id } = await deploying({ build: untilAborted })
  await worker.close()
  expect(await status()).toBe('interrupted')
  expect((await journal.deployments({ app: 'blog' }))[0]).toMatchObject({ status: 'queued' })
  expect(lines).toEqual([
    `WARNING Deployment ${id} of shop is not finished: the next start takes it up again.`,
  ])
  expect(await journal.next(new Set())).toMatchObject({ deployment: { id, attempt: 2 } })
})

test('F27: replacing containers is let finish, and with it the whole deployment', async () => {
  const gate = door()
  let ups = 0
  const { worker, status } = await deploying({ up: () => (ups++, gate.wait) })
  await vi.waitFor(() => expect(ups).toBe(1))
  let closed = false
  const closing = worker.close().then(() => (closed = true))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(closed).toBe(false)
  gate.open()
  await closing
  expect(await status()).toBe('success')
})

test('F27: a second signal breaks that off, too', async () => {
  let ups = 0
  const { worker, status } = await deploying({ up: (signal) => (ups++, untilAborted(signal)) })
  await vi.waitFor(() => expect(ups).toBe(1))
  const hurry = new AbortController()
  const closing = worker.close(hurry.signal)
  hurry.abort()
  await closing
  expect(await status()).toBe('interrupted')
})

test('F27: containers that take long to be healthy are waited for some seconds, not more', async () => {
  let looks = 0
  const { worker, status } = await deploying({ health: (signal) => (looks++, untilAborted(signal)) })
  await vi.waitFor(() => expect(looks).toBe(1))
  await worker.close()
  expect(await status()).toBe('interrupted')
})

test('an engine that goes down together with the server is no failure of what was being replaced', async () => {
  const gate = door()
  let ups = 0
  const { worker, status } = await deploying({
    up: async () => {
      ups++
      await gate.wait
      throw new DeployError('docker_unavailable', 'The Docker engine does not answer')
    },
  })
  await vi.waitFor(() => expect(ups).toBe(1))
  const closing = worker.close()
  gate.open()
  await closing
  expect(await status()).toBe('interrupted')
})

test('what somebody cancelled before the stop ends as cancelled', async () => {
  const { worker, status, id } = await deploying({ build: untilAborted })
  worker.cancel(id, 'cancelled by ada')
  await worker.close()
  expect(await status()).toBe('cancelled')
})
