import { beforeEach, describe, expect, test } from 'vitest'
import { type RollbackWorld, rollbackWorld } from '../support/rollback-world.ts'

let world: RollbackWorld
let commits: readonly string[]
/** Three releases, of which the third is deployed. */
beforeEach(async () => {
  world = rollbackWorld()
  const made: string[] = []
  for (const page of ['web 1', 'web 2', 'web 3']) {
    made.push(world.push({ web: page }))
    await world.deploy({ deployment: page })
  }
  commits = made
})

const back = (to?: string, deployment?: string) =>
  world.deploy({
    manual: { rollback: { reason: 'too slow', ...(to === undefined ? {} : { to }) } },
    ...(deployment === undefined ? {} : { deployment }),
  })
const holds = async () => (await world.git.holds(world.path, 'shop')).content
const isBuilt = (): number => world.engine.calls.filter((call) => call.startsWith('build')).length

test('goes to the release before, builds nothing, asks no remote, and holds what was left', async () => {
  const [built, asked] = [isBuilt(), world.git.calls.length]
  const { outcome, steps } = await back()
  expect(outcome.status).toBe('success')
  expect(steps).toEqual([
    'goBack success',
    'lockProject success',
    'makePlan success',
    'applyPlan success',
    'look success',
    'waitHealthy success',
    'holdLeft success',
    'keepRelease success',
    'recordDeployed success',
  ])
  expect(world.runs()).toEqual({ web: 'web 2', api: 'api 1' })
  expect(await world.head()).toBe(commits[1])
  expect(isBuilt()).toBe(built)
  expect(world.git.calls.slice(asked).filter((call) => call.startsWith('fetch'))).toEqual([])
  expect(await holds()).toMatchObject([
    { service: 'web', commit: commits[2], deployment: 'web 3', reason: 'too slow', left: true },
  ])
  expect(await world.git.releases(world.path, 'shop')).toHaveLength(3)
})

test('an attempt that is made again goes where the first one went', async () => {
  // Its process was killed before the end was recorded.
  world.git.fail('recordDeployed')
  expect((await back(undefined, 'back')).outcome.status).toBe('failure')
  world.git.mend('recordDeployed')
  expect((await back(undefined, 'back')).outcome.status).toBe('success')
  expect(world.runs()).toMatchObject({ web: 'web 2' })
  // Or after it.
  const { outcome } = await back(undefined, 'back')
  expect(outcome.status).toBe('success')
  expect(world.runs()).toMatchObject({ web: 'web 2' })
  expect(await holds()).toMatchObject([{ commit: commits[2] }])
})

test('what failed and was left as it is, is left for the last success, and held', async () => {
  const bad = world.push({ web: 'bad web' })
  expect((await world.deploy({ app: { rollout: { onFailure: 'keep' } } })).says).toBe('web is unhealthy')
  expect((await back()).outcome.status).toBe('success')
  expect(world.runs()).toMatchObject({ web: 'web 3' })
  expect(await holds()).toMatchObject([{ service: 'web', commit: bad, reason: 'too slow' }])
  world.push({ docs: 'words' })
  expect((await world.deploy()).says).toBe(`held because web at ${bad.slice(0, 7)} was rolled back: too slow`)
})

test('a release that fails in its turn is left for what was there before, and held itself', async () => {
  world.isBad = (page) => page === 'web 1'
  const { outcome, says } = await back(commits[0])
  expect(outcome.status).toBe('failure')
  expect(says).toBe(`web is unhealthy; rolled back to ${commits[2]?.slice(0, 7)}, which serves again`)
  expect(world.runs()).toMatchObject({ web: 'web 3' })
  expect(await world.head()).toBe(commits[2])
  expect(await holds()).toMatchObject([{ service: 'web', commit: commits[0] }])
})

test('where nothing could be touched, nothing is held, and it can be tried again', async () => {
  world.compose.fail('up')
  expect((await back()).says).toBe('Compose failed to up')
  expect(await holds()).toEqual([])
  world.compose.mend('up')
  expect((await back()).outcome.status).toBe('success')
  expect(world.runs()).toMatchObject({ web: 'web 2' })
})

describe('fails, and nothing is moved,', () => {
  test.each([
    ['nope', 'Cannot go back with shop: no release is of nope'],
    ['', 'Cannot go back with shop: no release is of '],
    ['\u001b[2J'.repeat(2), 'Cannot go back with shop: no release is of '],
  ])('where there is none of %j', async (to, message) => {
    const { outcome, says } = await back(to)
    expect(outcome.status).toBe('failure')
    expect(says).toContain(message)
    expect(says).not.toContain('\u001b')
    expect(await world.head()).toBe(commits[2])
  })

  test('where an image of it is gone', async () => {
    const [, second] = await world.git.releases(world.path, 'shop')
    const { image, tag } = second?.services['web'] ?? {}
    for (const name of world.engine.store.find(image ?? '')?.names ?? []) world.engine.store.untag(name)
    expect(tag).toMatch(/^fairway\/shop\/web:/)
    expect((await back()).says).toBe(
      `Cannot go back with shop to ${commits[1]}: the image that web ran is not here any more`,
    )
    expect(await world.head()).toBe(commits[2])
    expect(world.runs()).toMatchObject({ web: 'web 3' })
  })
})

describe('what is deployed is brought up again', () => {
  const again = () => world.deploy({ manual: { rollback: { again: true, reason: 'Docker was away' } } })
  const stopAll = (): void => {
    const stopped = world.engine
      .shown('shop')
      .map((container) => ({ ...container, state: 'exited' as const, exitCode: 137 }))
    world.engine.show('shop', stopped)
  }
  const states = () => world.engine.shown('shop').map(({ state }) => state)

  test('as it is after a rollback: at its commit, without network, with what is held as it was', async () => {
    const words = world.push({ docs: 'words' })
    await world.deploy()
    world.push({ web: 'bad web' })
    expect((await world.deploy()).says).toContain(`rolled back to ${words.slice(0, 7)}`)
    const held = await holds()
    stopAll()
    const asked = world.git.calls.length
    expect((await again()).outcome.status).toBe('success')
    expect(states()).toEqual(['running', 'running'])
    expect(world.runs()).toEqual({ web: 'web 3', api: 'api 1' })
    expect(await world.head()).toBe(words)
    expect(await holds()).toEqual(held)
    expect(held).toHaveLength(1)
    expect(world.git.calls.slice(asked).filter((call) => call.startsWith('fetch'))).toEqual([])
  })

  test('though the whole app is held, which stays so', async () => {
    const app = { reason: 'the fair', by: 'ada', at: '' }
    await world.git.changeHolds(world.path, 'shop', () => ({ app, content: [] }))
    stopAll()
    expect((await again()).outcome.status).toBe('success')
    expect(states()).toEqual(['running', 'running'])
    expect(await world.git.holds(world.path, 'shop')).toEqual({ app, content: [] })
  })

  test('in place of what failed on the way back, of which nothing is held', async () => {
    world.push({ web: 'bad web' })
    world.onBad = () => world.compose.fail('up')
    await world.deploy()
    world.compose.mend('up')
    expect(world.runs()).toMatchObject({ web: 'bad web' })
    expect((await again()).outcome.status).toBe('success')
    expect(world.runs()).toMatchObject({ web: 'web 3' })
    expect(await holds()).toEqual([])
  })
})
