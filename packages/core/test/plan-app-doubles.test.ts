import { expect, test } from 'vitest'
import { defineApp } from '../src/domain/app.ts'
import { planApp } from '../src/plan-app.ts'
import { fakeContainer } from '../src/testing/fake-engine.ts'
import { fakeWorld } from '../src/testing/fake-world.ts'

const path = '/srv/shop'
const app = defineApp({ name: 'shop', repository: 'acme/shop', path, branch: 'main' })
const first = {
  'compose.yaml': 'services: { web: { build: ./web }, db: { image: postgres } }\n',
  'web/Dockerfile': 'FROM scratch\n',
}

/** A machine in memory with a checkout of the first commit. */
function world() {
  const doubles = fakeWorld({ path })
  doubles.git.commit('refs/heads/main', first)
  doubles.git.checkOut(path)
  return doubles
}

test('a plan is made of the commit that would be pulled, and nothing is done', async () => {
  const doubles = world()
  const commit = doubles.git.commit('refs/heads/main', {
    ...first,
    'compose.yaml': 'services: { web: { build: ./web }, cache: { image: redis } }\n',
  })
  doubles.git.write(path, '.env', 'COLOR=red\n')
  doubles.engine.show('redshop', [fakeContainer({ service: 'cache' })])
  const calls = doubles.git.calls.length
  const { plan, isNew, skipped } = await planApp(app, doubles)
  expect(plan).toMatchObject({ app: 'shop', commit })
  expect(plan.services.map(({ service }) => service).toSorted()).toEqual(['cache', 'web'])
  expect([isNew, skipped]).toEqual([false, undefined])
  expect(doubles.git.calls.slice(calls)).toEqual(['fetch refs/heads/main'])
  expect(doubles.compose.calls).toEqual([])
  expect(doubles.engine.calls).toContain('containers redshop')
  expect(await doubles.git.head(path)).not.toMatchObject({ commit })
  expect(doubles.folders.made.size).toBe(0)
  expect(doubles.locks.calls).toEqual([`take checkout:${path}`, `release checkout:${path}`])
})

test('planned twice, it is the same', async () => {
  const doubles = world()
  expect(await planApp(app, doubles)).toEqual(await planApp(app, doubles))
})

test('of an app that nobody cloned yet, all is built and started', async () => {
  const doubles = fakeWorld({ path })
  doubles.git.commit('refs/heads/main', first)
  const { plan, isNew } = await planApp({ ...app, url: 'https://example.org/shop.git' }, doubles)
  expect(isNew).toBe(true)
  const actions = Object.fromEntries(plan.services.map(({ service, action }) => [service, action]))
  expect(actions).toEqual({ web: 'build', db: 'pull' })
  expect(await doubles.git.head(path)).toBeUndefined()
})

test('a failure on the way leaves no folder and no lock', async () => {
  const doubles = world()
  doubles.engine.fail('containers')
  await expect(planApp(app, doubles)).rejects.toMatchObject({ code: 'docker_unavailable' })
  expect(doubles.folders.made.size).toBe(0)
  expect(doubles.locks.calls.at(-1)).toBe(`release checkout:${path}`)
})
