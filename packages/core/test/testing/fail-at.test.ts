import { expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import type { App } from '../../src/domain/app.ts'
import type { Push } from '../../src/domain/push.ts'
import { pipeline } from '../../src/pipeline.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { lockCheckout } from '../../src/steps/lock-checkout.ts'
import { failAt } from '../../src/testing/fail-at.ts'
import { fakeWorld } from '../../src/testing/fake-world.ts'

const path = '/srv/app'
const app = defineApp({ name: 'app', repository: 'acme/app', path, branch: 'main' })
const push: Push = { repository: 'acme/app', ref: 'refs/heads/main', pusher: 'ada' }

function pulling(n: number) {
  const { git, locks, clock } = fakeWorld({ path })
  git.commit('refs/heads/main', { a: '1' })
  git.checkOut(path)
  const failing = failAt(n, { git, locks, clock })
  const { world } = failing
  const deploy = pipeline<{ app: App; push: Push }>().use(lockCheckout(world)).use(gitPull(world))
  return { run: () => deploy.run({ app, push }), calls: failing.calls, locks }
}

test('counts the calls of all executors, and lets them through', async () => {
  const { run, calls } = pulling(Infinity)
  expect(await run()).toMatchObject({ status: 'success' })
  expect(calls[0]).toBe('locks.take')
  expect(calls).toEqual(expect.arrayContaining(['git.head', 'git.fetch', 'git.moveTo']))
})

test('a run fails at every point, and gives its lock back', async () => {
  const first = pulling(Infinity)
  await first.run()
  expect(first.calls.length).toBeGreaterThan(4)
  for (let n = 1; n <= first.calls.length; n++) {
    const { run, locks } = pulling(n)
    expect(await run()).toMatchObject({ status: 'failure', error: new Error(`call ${n} fails on purpose`) })
    expect(locks.calls.filter((call) => call.startsWith('take')).length).toBe(n === 1 ? 0 : 1)
    expect(locks.calls.length % 2).toBe(0)
  }
})

test('rejects with the error it is given', async () => {
  const { world } = failAt(1, fakeWorld({ path }), new Error('gone'))
  await expect(world.compose.version()).rejects.toThrow('gone')
  expect(world.clock.monotonic()).toBe(0)
})

test("every method of one's own executor counts", async () => {
  const { world, calls } = failAt(2, { site: { publish: async (folder: string) => folder } })
  expect(await world.site.publish('a')).toBe('a')
  await expect(world.site.publish('b')).rejects.toThrow('call 2 fails on purpose')
  expect(calls).toEqual(['site.publish', 'site.publish'])
})
