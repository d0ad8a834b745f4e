import { DeployError, type Outcome } from '@fairway/core'
import { expect, test, vi } from 'vitest'
import type { Deployed } from '../../src/pipelines.ts'
import { main, minutes, settle, watching } from './watching.ts'

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
  const { now, git, clock, deployAll, start, asked } = watching({ pause: 0 })
  await deployAll()
  git.commit(main, { a: '2' })
  start()
  now()?.doubtDocker()
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
  const { now, clock, deployAll, start, queued, end, commit } = watching()
  await deployAll()
  start()
  for (let times = 1; times <= 3; times++) {
    now()?.ended('shop', failed('remote_unreachable'))
    clock.advance(30_000)
    await vi.waitFor(async () =>
      expect((await queued())[0]).toBe('shop queued: failed during an outage that is over'),
    )
    await end('failure', commit)
  }
  now()?.ended('shop', failed('remote_unreachable'))
  clock.advance(30_000)
  await settle()
  expect(await queued()).toHaveLength(3)
})

test('F25: an engine that is away is asked until it answers; then every app is brought up again', async () => {
  const { now, engine, clock, deployAll, start, log, queued } = watching({ names: ['shop', 'blog'] })
  await deployAll()
  engine.fail('version')
  start()
  await vi.waitFor(() => expect(log.lines).toHaveLength(1))
  expect(log.lines[0]).toMatch(/^WARNING The Docker engine does not answer/)
  now()?.ended('shop', failed('docker_unavailable'))
  for (let i = 0; i < 3; i++) {
    clock.advance(5_000)
    now()?.doubtDocker()
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
