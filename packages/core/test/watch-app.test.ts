import { beforeEach, expect, test } from 'vitest'
import { defineApp } from '../src/domain/app.ts'
import type { Container } from '../src/domain/container.ts'
import { fakeContainer } from '../src/testing/fake-engine.ts'
import { type FakeWorld, fakeWorld } from '../src/testing/fake-world.ts'
import { watchApp } from '../src/watch-app.ts'

const path = '/srv/shop'
const web = (changes: Partial<Container> = {}): Container =>
  fakeContainer({ service: 'web', addresses: ['172.18.0.2'], ...changes })

let world: FakeWorld
beforeEach(() => (world = fakeWorld({ path })))

/** Watches web for a minute, which sees these looks and then the last one again and again. */
async function watch(
  looks: readonly (Container | 'unavailable')[],
  { probe, before }: { readonly probe?: string; readonly before?: readonly Container[] } = {},
) {
  world.engine.show('shop', ...looks.map((one) => (one === 'unavailable' ? one : [one])))
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path, rollout: probe ? { probe } : {} })
  const given = before ? { before } : {}
  return watchApp(app, { ...world, project: 'shop', containers: ['web'], during: 60_000, ...given })
}

test('what stays well is looked at every second until the time is over', async () => {
  expect(await watch([web()])).toEqual({ verdict: 'fine' })
  expect(world.engine.calls).toHaveLength(60)
})

test('what turns bad ends it at once, with the last lines that were written', async () => {
  world.engine.write('web', 'out of beans')
  const watched = await watch([web(), web(), web({ state: 'exited', exitCode: 3 })])
  expect(watched).toMatchObject({ verdict: 'bad', sentence: 'web exited with code 3' })
  expect(watched.verdict === 'bad' && watched.error.output).toContain('  out of beans')
  expect(world.clock.monotonic()).toBe(2_000)
})

test('what happened between the success and the first look counts', async () => {
  const watched = await watch([web({ restartCount: 1 })], { before: [web()] })
  expect(watched).toMatchObject({ verdict: 'bad', sentence: 'web was restarted' })
})

test('while the engine is away nothing is said, and what it brings back is where it begins again', async () => {
  const back = web({ state: 'exited', exitCode: 137 })
  expect(await watch([web(), 'unavailable', 'unavailable', back])).toEqual({ verdict: 'fine' })
  const later = [web(), 'unavailable', web(), web({ health: 'unhealthy' })] as const
  expect(await watch(later)).toMatchObject({ verdict: 'bad', sentence: 'web is unhealthy' })
})

test('a probe that goes unanswered three times in a row is bad, and one answer in between forgives', async () => {
  const probe = 'http://web:8080/'
  world.probe.answer('172.18.0.2:8080', 200, 500, 500, 200, 500, 500, 500)
  expect(await watch([web()], { probe })).toMatchObject({
    verdict: 'bad',
    sentence: 'web did not answer http://web:8080/ (HTTP 500), 3 times in a row',
  })
  expect(world.probe.calls).toHaveLength(7)
})

test('a probe of what somebody stopped is not asked', async () => {
  const stopped = web({ state: 'exited', restartPolicy: 'always' })
  const running = web({ restartPolicy: 'always' })
  world.probe.answer('172.18.0.2:8080', 200)
  expect(await watch([running, stopped], { probe: 'http://web:8080/' })).toEqual({ verdict: 'fine' })
})

test('a watch that is called off rejects', async () => {
  const signal = AbortSignal.abort(new Error('a newer one'))
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path })
  const watching = watchApp(app, { ...world, project: 'shop', containers: [], during: 60_000, signal })
  await expect(watching).rejects.toThrow('a newer one')
})
