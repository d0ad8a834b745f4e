import { defineApp, DeployError, type Outcome } from '@fairway/core'
import { fakeEngine, fakeGit } from '@fairway/core/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type RunningCatchUp, startCatchUp } from '../../src/catch-up/catch-up.ts'
import { memoryJournal } from '../../src/journal/memory-journal.ts'
import type { Deployed } from '../../src/pipelines.ts'
import { manualClock } from '../support/manual-clock.ts'
import { recordingLogger } from '../support/recording-logger.ts'

const main = 'refs/heads/main'
const minutes = 60_000

let running: RunningCatchUp | undefined
afterEach(() => running?.stop())

/** Apps of one repository, deployed at its first commit; `pushed` is a commit that nobody told of. */
function watching({
  names = ['shop'],
  pause = 5 * minutes,
}: { names?: readonly string[]; pause?: number } = {}) {
  const [git, engine, journal, clock, log] = [
    fakeGit(),
    fakeEngine(),
    memoryJournal(),
    manualClock(),
    recordingLogger(),
  ]
  const apps = names.map((name) =>
    defineApp({ name, repository: `acme/${name}`, path: `/srv/${name}`, branch: 'main' }),
  )
  const commit = git.commit(main, { a: '1' })
  const state = { commit, services: {}, unsettled: [] }
  const deployAll = async (): Promise<void> => {
    for (const { path, name } of apps) {
      git.checkOut(path)
      await git.recordDeployed(path, name, state)
    }
  }
  const wake = vi.fn<() => void>()
  const start = (): void => {
    running = startCatchUp({
      apps: () => Promise.resolve(apps),
      pause: () => pause,
      git,
      engine,
      journal,
      clock,
      log,
      redact: (text) => text,
      wake,
    })
  }
  const asked = (): number => git.calls.filter((call) => call === `ask for ${main}`).length
  const queued = async () =>
    (await journal.deployments()).map(({ app, status, reason }) => `${app} ${status}: ${reason}`)
  /** Ends what is queued, as a worker would. */
  const end = async (status: 'success' | 'failure', commitOf: string | null): Promise<void> => {
    const claim = await journal.next(new Set())
    await journal.started(claim?.deployment.id ?? '')
    await journal.ended(claim?.deployment.id ?? '', { status, reason: status, commit: commitOf })
  }
  return { git, engine, journal, clock, log, deployAll, start, wake, asked, queued, end, commit }
}

/** Lets everything that waits for nothing but itself go on. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10))

function failed(code: 'docker_unavailable' | 'remote_unreachable'): Outcome<Deployed> {
  return { status: 'failure', step: 'gitPull', error: new DeployError(code, 'away'), ctx: {} }
}

test('what was pushed while nobody listened is deployed at the start, with the commit and the reason', async () => {
  const { git, journal, deployAll, start, wake, queued, log } = watching()
  await deployAll()
  const tip = git.commit(main, { a: '2' })
  start()
  await vi.waitFor(async () => expect(await queued()).toEqual(['shop queued: missed while down']))
  expect((await journal.next(new Set()))?.push).toEqual({
    repository: 'acme/shop',
    ref: main,
    after: tip,
    pusher: 'fairway',
  })
  expect(wake).toHaveBeenCalledOnce()
  expect(log.lines).toEqual([expect.stringContaining(`INFO shop: ${tip} of ${main} is deployed now`)])
})

test('nothing is deployed where the tip is, nor twice for one that failed, however often it is looked at', async () => {
  const { git, clock, deployAll, start, asked, queued, end } = watching()
  await deployAll()
  start()
  await vi.waitFor(() => expect(asked()).toBe(1))
  await settle()
  expect(await queued()).toEqual([])
  const tip = git.commit(main, { a: 'broken' })
  clock.advance(5 * minutes)
  await vi.waitFor(async () => expect(await queued()).toHaveLength(1))
  await end('failure', tip)
  for (let look = 3; look < 6; look++) {
    clock.advance(5 * minutes)
    await vi.waitFor(() => expect(asked()).toBe(look))
    await settle()
  }
  expect(await queued()).toEqual(['shop failure: failure'])
  git.commit(main, { a: 'mended' })
  clock.advance(5 * minutes)
  await vi.waitFor(async () => expect(await queued()).toHaveLength(2))
})

test('an app that was never deployed here is left alone, and its remote not even asked; nor is one without a checkout', async () => {
  const { git, start, asked, queued } = watching({ names: ['shop', 'blog'] })
  git.checkOut('/srv/shop')
  git.commit(main, { a: '2' })
  start()
  await settle()
  expect(await queued()).toEqual([])
  expect(asked()).toBe(0)
})

test('one whose deployment waits already is left to that', async () => {
  const { git, journal, deployAll, start, asked, queued } = watching()
  await deployAll()
  git.commit(main, { a: '2' })
  await journal.request({ app: 'shop', push: { repository: 'acme/shop', ref: main, pusher: 'ada' } })
  start()
  await vi.waitFor(() => expect(asked()).toBe(1))
  await settle()
  expect(await queued()).toEqual(['shop queued: null'])
})

test('0 turns it off', async () => {
  const { git, clock, deployAll, start, asked } = watching({ pause: 0 })
  await deployAll()
  git.commit(main, { a: '2' })
  start()
  running?.doubtDocker()
  clock.advance(60 * minutes)
  await settle()
  expect(asked()).toBe(0)
})

test('a remote that cannot be asked is told once until that changes, asked again soon, and keeps no other app waiting', async () => {
  const { git, clock, deployAll, start, log, queued, asked } = watching({ names: ['shop', 'blog'] })
  await deployAll()
  git.commit(main, { a: '2' })
  git.fail('tip', new DeployError('remote_unreachable', 'The remote is away'))
  start()
  await vi.waitFor(() => expect(asked()).toBe(2))
  await settle()
  clock.advance(30_000)
  await vi.waitFor(() => expect(asked()).toBe(4))
  await settle()
  expect(log.lines).toEqual(
    ['shop', 'blog'].map(
      (app) => `WARNING Cannot ask for what may have been missed of ${app}: The remote is away`,
    ),
  )
  git.mend('tip')
  clock.advance(30_000)
  await vi.waitFor(async () =>
    expect((await queued()).toSorted()).toEqual([
      'blog queued: missed while down',
      'shop queued: missed while down',
    ]),
  )
  expect(log.lines).toContain('INFO The remote of shop can be asked again.')
})

test('F11: what failed because the remote was away is deployed again when it is back, three times at most in a row', async () => {
  const { clock, deployAll, start, queued, end, commit } = watching()
  await deployAll()
  start()
  for (let times = 1; times <= 3; times++) {
    running?.ended('shop', failed('remote_unreachable'))
    clock.advance(30_000)
    await vi.waitFor(async () =>
      expect((await queued())[0]).toBe('shop queued: failed during an outage that is over'),
    )
    await end('failure', commit)
  }
  running?.ended('shop', failed('remote_unreachable'))
  clock.advance(30_000)
  await settle()
  expect(await queued()).toHaveLength(3)
})

test('F25: an engine that is away is asked until it answers; then every app is brought up again', async () => {
  const { engine, clock, deployAll, start, log, queued } = watching({ names: ['shop', 'blog'] })
  await deployAll()
  engine.fail('version')
  start()
  await vi.waitFor(() => expect(log.lines).toHaveLength(1))
  expect(log.lines[0]).toMatch(/^WARNING The Docker engine does not answer/)
  running?.ended('shop', failed('docker_unavailable'))
  for (let i = 0; i < 3; i++) {
    clock.advance(5_000)
    running?.doubtDocker()
    await settle()
  }
  expect(await queued()).toEqual([])
  engine.mend('version')
  clock.advance(5_000)
  await vi.waitFor(async () =>
    expect((await queued()).toSorted()).toEqual([
      'blog queued: brought up again after Docker was away',
      'shop queued: failed during an outage that is over',
    ]),
  )
  expect(log.lines).toContain('INFO Docker answers again, after 20 s.')
  expect(log.lines.filter((line) => line.startsWith('WARNING'))).toHaveLength(1)
})

describe('an app that was rolled back', () => {
  const goingBack = { deployment: '1', code: '', reason: 'web is unhealthy', services: [], held: [] }
  const again = (reason: string) => ({
    repository: 'acme/shop',
    ref: 'HEAD',
    pusher: 'fairway',
    manual: { rollback: { again: true, reason } },
  })
  const rolledBack = async (): Promise<ReturnType<typeof watching>> => {
    const world = watching()
    await world.deployAll()
    const tip = world.git.commit(main, { a: 'bad' })
    await world.journal.request({ app: 'shop', push: { repository: 'acme/shop', ref: main, pusher: 'ada' } })
    await world.end('failure', tip)
    return world
  }

  test('F25: is brought up again as it was rolled back when Docker is back, also where its remote is back later', async () => {
    const { engine, git, clock, journal, start, log, queued, asked } = await rolledBack()
    engine.fail('version')
    git.fail('tip', new DeployError('remote_unreachable', 'The remote is away'))
    start()
    await vi.waitFor(() => expect(asked()).toBe(1))
    await vi.waitFor(() => expect(log.lines.join('\n')).toContain('The Docker engine does not answer'))
    engine.mend('version')
    clock.advance(5_000)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await settle()
    expect(await queued()).toEqual(['shop failure: failure'])
    git.mend('tip')
    clock.advance(30_000)
    const reason = 'brought up again after Docker was away'
    await vi.waitFor(async () => expect((await queued())[0]).toBe(`shop queued: ${reason}`))
    expect((await journal.next(new Set()))?.push).toEqual(again(reason))
  })

  test('is left alone while Docker is here', async () => {
    const { clock, start, asked, queued } = await rolledBack()
    start()
    await vi.waitFor(() => expect(asked()).toBe(1))
    clock.advance(5 * minutes)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await settle()
    expect(await queued()).toEqual(['shop failure: failure'])
  })

  test('goes on where that was broken off and nothing else does it, once', async () => {
    const { git, clock, journal, commit, start, asked, queued, end } = await rolledBack()
    await git.writeState('/srv/shop', 'shop', { commit, services: {}, unsettled: ['web'], goingBack })
    start()
    const reason = 'its way back was not finished'
    await vi.waitFor(async () => expect((await queued())[0]).toBe(`shop queued: ${reason}`))
    expect((await journal.deployments())[0]?.reason).toBe(reason)
    await end('failure', commit)
    clock.advance(5 * minutes)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await settle()
    expect(await queued()).toHaveLength(2)
  })
})
