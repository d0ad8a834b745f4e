import { defineApp, DeployError, pipeline, skip } from '@fairway/core'
import { expect, test, vi } from 'vitest'
import type { Journal } from '../src/journal/journal.ts'
import { memoryJournal } from '../src/journal/memory-journal.ts'
import type { DeployInput, DeployPipeline } from '../src/pipelines.ts'
import { startWorker, type Worker } from '../src/worker.ts'
import { delivery } from './journal/journal-contract.ts'
import { recordingLogger } from './support/recording-logger.ts'

const findApp = (name: string) =>
  Promise.resolve(defineApp({ name, repository: `acme/${name}`, path: `/srv/${name}` }))

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

type Work = (input: DeployInput, signal: AbortSignal) => Promise<void>

/** A pipeline of the server's shape: a lock that is taken when `lock` says so, then the work. */
function deploying(work: Work, lock: Work = () => Promise.resolve()): DeployPipeline {
  return pipeline<DeployInput>()
    .use('lockCheckout', (input, { signal }) => lock(input, signal))
    .use('work', (input, { signal }) => work(input, signal)) as unknown as DeployPipeline
}

function start(journal: Journal, work: DeployPipeline, concurrency = 2): { worker: Worker; lines: string[] } {
  const log = recordingLogger()
  return {
    worker: startWorker({ journal, findApp, pipeline: () => work, concurrency: () => concurrency, log }),
    lines: log.lines,
  }
}

/** A door that work waits at until it is opened. */
function door(): { open: () => void; wait: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, wait: promise }
}

const statuses = async (journal: Journal): Promise<readonly string[]> =>
  (await journal.deployments()).map(({ app, status }) => `${app} ${status}`)

test('runs one deployment per app at a time, different apps in parallel up to the limit', async () => {
  const journal = memoryJournal()
  const gate = door()
  const running: string[] = []
  const { worker } = start(
    journal,
    deploying(({ app }) => (running.push(app.name), gate.wait)),
    2,
  )
  for (const app of ['a', 'b', 'c']) await journal.accept(delivery(`d-${app}`, app))
  worker.wake()
  await vi.waitFor(() => expect(running).toEqual(['a', 'b']))
  await journal.accept(delivery('d-a2', 'a'))
  worker.wake()
  gate.open()
  await vi.waitFor(() => expect(running).toEqual(['a', 'b', 'c', 'a']))
  await worker.close()
  expect(await statuses(journal)).toEqual(['a success', 'c success', 'b success', 'a success'])
})

test('of a hundred pushes for one app at most two run, and the newest is last', async () => {
  const journal = memoryJournal()
  const gate = door()
  let runs = 0
  const { worker } = start(
    journal,
    deploying(() => (runs++, gate.wait)),
  )
  for (let i = 0; i < 100; i++) worker.wake((await journal.accept(delivery(`d${i}`, 'shop'))).superseded)
  await vi.waitFor(() => expect(runs).toBe(1))
  gate.open()
  await vi.waitFor(async () =>
    expect((await journal.deployments({ limit: 1 }))[0]).toMatchObject({
      delivery: 'd99',
      status: 'success',
    }),
  )
  await worker.close()
  expect(runs).toBeLessThanOrEqual(2)
  const ended = (await journal.deployments({ limit: 100 })).map(({ status }) => status)
  expect(ended.filter((status) => status === 'success')).toHaveLength(runs)
  expect(ended.filter((status) => status === 'superseded')).toHaveLength(100 - runs)
})

test('one that waits for a lock stays queued, and gives way to a newer push', async () => {
  const journal = memoryJournal()
  const worked: string[] = []
  let waiting = 0
  const never = (_: DeployInput, signal: AbortSignal): Promise<void> =>
    waiting++ > 0
      ? Promise.resolve()
      : new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        )
  const { worker } = start(
    journal,
    deploying(({ app }) => (worked.push(app.name), Promise.resolve()), never),
  )
  const first = await journal.accept(delivery('d1', 'shop'))
  worker.wake()
  await vi.waitFor(() => expect(waiting).toBe(1))
  expect(await journal.deployment(first.deployments[0]?.id ?? '')).toMatchObject({ status: 'queued' })
  worker.wake((await journal.accept(delivery('d2', 'shop'))).superseded)
  await vi.waitFor(() => expect(worked).toEqual(['shop']))
  await worker.close()
  expect(await statuses(journal)).toEqual(['shop success', 'shop superseded'])
})

test('records failures with the reason, in the log too, and goes on with the next', async () => {
  const journal = memoryJournal()
  const fail = (): Promise<void> =>
    Promise.reject(new DeployError('compose_failed', 'Cannot build', { hint: 'Look at web' }))
  const { worker, lines } = start(
    journal,
    deploying(({ app }) => (app.name === 'bad' ? fail() : Promise.resolve())),
    1,
  )
  await journal.accept(delivery('d1', 'bad'))
  await journal.accept(delivery('d2', 'good'))
  worker.wake()
  await vi.waitFor(async () => expect(await statuses(journal)).toEqual(['good success', 'bad failure']))
  expect((await journal.deployments())[1]).toMatchObject({ reason: 'Cannot build\nLook at web' })
  expect(lines).toEqual(['ERROR Deployment of bad failed at work: Cannot build\nLook at web'])
})

test('a skip ends as skipped with its reason', async () => {
  const journal = memoryJournal()
  const skipping = pipeline<DeployInput>()
    .use('lockCheckout', () => {})
    .use('gitPull', () => skip('shop follows main, not refs/heads/x')) as unknown as DeployPipeline
  const { worker } = start(journal, skipping)
  await journal.accept(delivery('d1', 'shop'))
  worker.wake()
  await vi.waitFor(async () =>
    expect((await journal.deployments())[0]).toMatchObject({
      status: 'skipped',
      reason: 'shop follows main, not refs/heads/x',
    }),
  )
})

test('one that is cancelled ends so, with the reason, wherever it is', async () => {
  const journal = memoryJournal()
  const { worker, lines } = start(
    journal,
    deploying((_, signal) => untilAborted(signal)),
  )
  const { deployments } = await journal.accept(delivery('d1', 'shop'))
  const id = deployments[0]?.id ?? ''
  worker.wake()
  await vi.waitFor(async () => expect(await statuses(journal)).toEqual(['shop in_progress']))
  worker.cancel('another', 'not this one')
  worker.cancel(id, 'cancelled by ada')
  await vi.waitFor(async () => expect(await statuses(journal)).toEqual(['shop cancelled']))
  expect(await journal.deployment(id)).toMatchObject({ reason: 'cancelled by ada' })
  expect(lines).toEqual(['WARNING Deployment of shop was cancelled at work: cancelled by ada'])
})

test('a bug outside the steps ends the deployment, too', async () => {
  const journal = memoryJournal()
  const worker = startWorker({
    journal,
    findApp: () => Promise.reject(new TypeError('no such thing')),
    pipeline: () => deploying(() => Promise.resolve()),
    concurrency: () => 1,
    log: recordingLogger(),
  })
  await journal.accept(delivery('d1', 'shop'))
  worker.wake()
  await vi.waitFor(async () => expect(await statuses(journal)).toEqual(['shop failure']))
  expect((await journal.deployments())[0]?.reason).toContain('Unexpected: TypeError: no such thing')
})

test('F7: an end that cannot be stored is stored once that works again, and its app is busy until then', async () => {
  const journal = memoryJournal()
  let full = true
  const failing: Journal = {
    ...journal,
    ended: (...given) => (full ? Promise.reject(new Error('the disk is full')) : journal.ended(...given)),
    stepEnded: () => Promise.reject(new Error('the disk is full')),
  }
  const worked: string[] = []
  const { worker, lines } = start(
    failing,
    deploying(({ app }) => (worked.push(app.name), Promise.resolve())),
  )
  await journal.accept(delivery('d1', 'shop'))
  worker.wake()
  await vi.waitFor(() => expect(lines.some((line) => line.startsWith('ERROR Cannot record how'))).toBe(true))
  await journal.accept(delivery('d2', 'shop'))
  worker.wake()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(worked).toEqual(['shop'])
  full = false
  await vi.waitFor(
    async () => expect(await statuses(journal)).toEqual(['shop success', 'shop success']),
    5_000,
  )
  expect(lines.filter((line) => line.startsWith('ERROR'))).toHaveLength(1)
})

test('F7: a queue that cannot be read is read again, without another push', async () => {
  const journal = memoryJournal()
  let tries = 0
  const failing: Journal = {
    ...journal,
    next: (busy) => (tries++ < 2 ? Promise.reject(new Error('the disk is full')) : journal.next(busy)),
  }
  const { worker, lines } = start(
    failing,
    deploying(() => Promise.resolve()),
  )
  await journal.accept(delivery('d1', 'shop'))
  worker.wake()
  await vi.waitFor(async () => expect(await statuses(journal)).toEqual(['shop success']), 5_000)
  expect(lines.filter((line) => line.includes('Cannot read the queue'))).toHaveLength(1)
})
