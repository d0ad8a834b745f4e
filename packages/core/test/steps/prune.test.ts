import { beforeEach, expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import type { Plan } from '../../src/domain/plan.ts'
import { DeployError } from '../../src/errors.ts'
import { pipeline } from '../../src/pipeline.ts'
import { prune } from '../../src/steps/prune.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'
import { type FakeWorld, fakeWorld } from '../../src/testing/fake-world.ts'

const path = '/srv/shop'
const app = defineApp({ name: 'shop', repository: 'acme/shop', path })
const plan = (action: 'build' | 'keep'): Plan => ({
  app: 'shop',
  commit: '',
  services: [{ service: 'web', action, because: [] }],
})
const labels = (key: string) => ({ 'fairway.app': 'shop', 'fairway.build-key': key })

let world: FakeWorld
let lines: string[]

/** Runs the step after a success; gives the images that are there then. */
async function pruned({
  containers = [fakeContainer({ service: 'web' })],
  action = 'build' as const,
  signal = {},
} = {}) {
  const note = (line: string): void => void lines.push(line)
  const log = { debug: note, info: note, warn: note, error: note }
  const outcome = await pipeline<{ app: typeof app; plan: Plan; containers: typeof containers }>()
    .use(prune(world))
    .run({ app, plan: plan(action), containers }, { log, ...signal })
  return { outcome, images: world.engine.store.all().map(({ id }) => id) }
}

beforeEach(() => {
  world = fakeWorld({ path })
  world.git.commit('refs/heads/main', { 'compose.yaml': '' })
  world.git.checkOut(path)
  lines = []
  const { store } = world.engine
  store.make('web', ['shop-web'], labels('k1'))
  store.make('web', ['shop-web'], labels('k2'))
  store.add({ id: 'foreign', names: [], createdAt: '2026-01-01T00:00:00.000Z' })
})

test('removes what lost its name, says so, and leaves what is named and what is not ours', async () => {
  const { outcome, images } = await pruned()
  expect(outcome.status).toBe('success')
  expect(images).toEqual(['sha256:web k2', 'foreign'])
  expect(lines).toEqual(['Removed 1 image of shop that no release and no container needs'])
})

test('an image that a container of anybody uses stays', async () => {
  world.engine.show('other', [fakeContainer({ service: 'web', image: 'sha256:web k1' })])
  expect((await pruned()).images).toContain('sha256:web k1')
  expect(lines).toEqual([])
})

test('looks for nothing where nothing was replaced', async () => {
  const before = world.engine.calls.length
  await pruned({ action: 'keep' as 'build' })
  expect(world.engine.calls.slice(before)).toEqual([])
})

test('containers that the engine calls dead go, and no others', async () => {
  const containers = [
    fakeContainer({ service: 'web' }),
    fakeContainer({ service: 'old', state: 'dead' }),
    fakeContainer({ service: 'job', state: 'exited' }),
  ]
  world.engine.show('shop', containers)
  await pruned({ containers })
  expect(world.engine.shown('shop').map(({ id }) => id)).toEqual(['web', 'job'])
  expect(lines[0]).toBe('Removed 1 dead container of shop')
})

test.each(['images', 'removeImages'] as const)(
  'a failure of %s is warned of, and no failure',
  async (method) => {
    world.engine.fail(method, new DeployError('docker_unavailable', 'The engine is full'))
    expect((await pruned()).outcome.status).toBe('success')
    expect(lines).toEqual(['Cannot remove what shop does not need any more: The engine is full'])
  },
)

test('one that is cancelled meanwhile has succeeded nevertheless', async () => {
  const stop = new AbortController()
  const images = world.engine.images.bind(world.engine)
  const engine = {
    ...world.engine,
    async images(...given: Parameters<typeof images>) {
      stop.abort(new Error('cancelled'))
      return images(...given)
    },
  }
  world = { ...world, engine }
  expect((await pruned({ signal: { signal: stop.signal } })).outcome.status).toBe('success')
  expect(lines).toEqual([])
})
