import { beforeEach, expect, test } from 'vitest'
import type { Release } from '../../src/domain/release.ts'
import { DeployError } from '../../src/errors.ts'
import { type RollbackWorld, rollbackWorld } from '../support/rollback-world.ts'

let world: RollbackWorld
beforeEach(() => {
  world = rollbackWorld()
})
const releases = () => world.git.releases(world.path, 'shop')
const tags = (): readonly string[] =>
  world.engine.store
    .all()
    .flatMap(({ names }) => names)
    .filter((name) => name.startsWith('fairway/'))

const tagsOf = (release: Release | undefined): readonly (string | undefined)[] =>
  Object.values(release?.services ?? {}).map(({ tag }) => tag)

test('a success is kept with its commit, plan, content and images by name', async () => {
  const commit = world.push({})
  const { outcome } = await world.deploy({ deployment: 'first' })
  expect(outcome.status).toBe('success')
  const [release] = await releases()
  expect(release).toMatchObject({
    id: expect.stringMatching(/^\d{8}T\d{6}\.\d{3}Z-/) as string,
    commit,
    ref: 'refs/heads/main',
    deployment: 'first',
    project: 'shop',
    plan: { app: 'shop', commit },
    services: { web: { buildKey: expect.any(String) as string }, api: { mounts: {} } },
  })
  expect(release?.id.endsWith(commit.slice(0, 7))).toBe(true)
  expect(new Set(tags())).toEqual(new Set(tagsOf(release)))
  expect((await world.git.readState(world.path, 'shop'))?.release).toBe(release?.id)
})

test('what replaces nothing is no release of its own', async () => {
  world.push({})
  await world.deploy()
  const [first] = await releases()
  world.push({ docs: 'words' })
  await world.deploy()
  expect(await releases()).toHaveLength(1)
  expect((await world.git.readState(world.path, 'shop'))?.release).toBe(first?.id)
})

test('neither is the same commit once more, though it was built and brought up again', async () => {
  world.push({})
  await world.deploy()
  const [first] = await releases()
  await world.clock.sleep(1_000)
  const { outcome } = await world.deploy({ app: { rebuild: { mode: 'always' } } })
  expect(outcome.ctx).toMatchObject({ plan: { services: [{ action: 'build' }, { action: 'build' }] } })
  expect(await releases()).toEqual([first])
  expect((await world.git.readState(world.path, 'shop'))?.release).toBe(first?.id)
})

test('older ones go, with the names of images that no other one needs', async () => {
  const app = { rollout: { keepReleases: 2 } }
  for (const page of ['1', '2', '3']) {
    world.push({ web: page })
    await world.deploy({ app })
    await world.clock.sleep(1_000)
  }
  const kept = await releases()
  expect(kept.map(({ plan }) => plan.commit)).toEqual(kept.map(({ commit }) => commit))
  expect(kept).toHaveLength(2)
  expect(new Set(tags())).toEqual(new Set(kept.flatMap(tagsOf)))
})

test('one that cannot be kept is warned of, and what is up is a success', async () => {
  world.push({})
  world.engine.fail('tag', new DeployError('disk_full', 'No space left'))
  const { outcome, log } = await world.deploy()
  expect(outcome.status).toBe('success')
  expect(log).toContain(
    'shop is up, but cannot be kept as a release, and this version cannot be gone back to: No space left',
  )
  const state = await world.git.readState(world.path, 'shop')
  expect(state).not.toHaveProperty('release')
  expect(state?.commit).toBeDefined()
})

test('the sections of its services are kept with it, and nothing that may be a secret', async () => {
  world.git.commit('refs/heads/main', {
    'compose.yaml':
      'services: { web: { image: nginx, restart: always, environment: { TOKEN: geheim }, command: [run, geheim] } }',
  })
  await world.deploy()
  const [release] = await releases()
  expect(release?.services['web']?.section).toEqual({
    image: 'nginx',
    restart: 'always',
    environment: { TOKEN: '***' },
    command: '***',
  })
  expect(JSON.stringify(release)).not.toContain('geheim')
})
