import { beforeEach, describe, expect, test } from 'vitest'
import { DeployError, describeError } from '../../src/errors.ts'
import { type RollbackWorld, rollbackWorld } from '../support/rollback-world.ts'

let world: RollbackWorld
let good: string
beforeEach(async () => {
  world = rollbackWorld()
  good = world.push({})
  await world.deploy({ deployment: 'first' })
})

const holds = async () => (await world.git.holds(world.path, 'shop')).content
const state = () => world.git.readState(world.path, 'shop')

test('what failed is replaced by what was there before: containers, checkout, records', async () => {
  const bad = world.push({ web: 'bad web', api: 'api 2' })
  const before = await state()
  const { outcome, says, steps } = await world.deploy({ deployment: 'second' })
  expect(outcome.status).toBe('failure')
  expect(says).toBe(`web is unhealthy; rolled back to ${good.slice(0, 7)}, which serves again`)
  expect(steps.slice(-2)).toEqual(['look failure', 'rollBack success'])
  expect(world.runs()).toEqual({ web: 'web 1', api: 'api 1' })
  expect(await world.head()).toBe(good)
  expect(await world.git.deployed(world.path, 'shop')).toBe(good)
  // As if nothing had been, but for new containers.
  const after = await state()
  expect(after).toMatchObject({ commit: good, release: before?.release, deployment: 'first', unsettled: [] })
  expect(after?.services['web']?.image).toBe(before?.services['web']?.image)
  expect(await holds()).toMatchObject([
    { service: 'web', commit: bad, deployment: 'second', reason: 'web is unhealthy' },
  ])
  // Nothing is left to do.
  const calls = world.compose.calls.length
  const again = await world.deploy({ manual: { rollback: { to: good, reason: 'twice' } } })
  expect(again.outcome.status).toBe('success')
  expect(world.compose.calls).toHaveLength(calls)
})

test('the way back is to the last success, also where that replaced nothing', async () => {
  const words = world.push({ docs: 'two' })
  expect((await world.deploy()).outcome.status).toBe('success')
  world.push({ web: 'bad web' })
  expect((await world.deploy()).says).toContain(`rolled back to ${words.slice(0, 7)}`)
  expect(await world.head()).toBe(words)
  expect(await world.git.deployed(world.path, 'shop')).toBe(words)
})

test('after somebody went back it is to where they went, not to what they left', async () => {
  world.push({ web: 'web 2' })
  await world.deploy()
  expect((await world.deploy({ manual: { rollback: { reason: 'slow' } } })).says).toBe('')
  world.push({ web: 'bad web' })
  expect((await world.deploy()).says).toContain(`rolled back to ${good.slice(0, 7)}`)
  expect(world.runs()).toMatchObject({ web: 'web 1' })
})

test('a service that the bad version brought is removed with it', async () => {
  world.git.commit('refs/heads/main', {
    'compose.yaml': 'services: { web: { build: web }, api: { build: api }, more: { image: other } }',
    'web/Dockerfile': 'FROM scratch',
    'web/page': 'bad web',
    'api/Dockerfile': 'FROM scratch',
    'api/page': 'api 1',
  })
  await world.deploy()
  expect(world.runs()).toEqual({ web: 'web 1', api: 'api 1' })
})

describe('nothing is gone back to, and nothing held', () => {
  const skipped = async (options?: Parameters<RollbackWorld['deploy']>[0]): Promise<string> => {
    const { outcome, steps, says } = await world.deploy(options)
    expect([outcome.status, steps.at(-1)]).toEqual(['failure', 'rollBack skipped'])
    expect(await holds()).toEqual([])
    return says
  }

  test('where `rollout.onFailure` is keep', async () => {
    const bad = world.push({ web: 'bad web' })
    expect(await skipped({ app: { rollout: { onFailure: 'keep' } } })).toBe('web is unhealthy')
    expect(world.runs()).toMatchObject({ web: 'bad web' })
    expect(await world.head()).toBe(bad)
  })

  test('where no container was touched', async () => {
    world.push({ web: 'web 2' })
    world.engine.fail('build', new DeployError('compose_failed', 'no such base'))
    expect(await skipped()).toBe('no such base')
    expect(world.runs()).toMatchObject({ web: 'web 1' })
  })

  test('where it could not even be planned', async () => {
    world.push({ web: 'web 2' })
    world.git.fail('fetch')
    expect(await skipped()).toBe('git failed to fetch')
  })

  test('where what is up and healthy could not be recorded', async () => {
    world.push({ web: 'web 2' })
    world.git.fail('recordDeployed')
    expect(await skipped()).toBe('git failed to recordDeployed')
    expect(world.runs()).toMatchObject({ web: 'web 2' })
  })

  test('where the engine is away', async () => {
    world.push({ web: 'bad web' })
    world.onBad = () => {
      throw new DeployError('docker_unavailable', 'The Docker engine does not answer')
    }
    expect(await skipped()).toBe('The Docker engine does not answer')
  })
})

test('a full disk is no fault of the content: it is brought back, and not held', async () => {
  world.push({ web: 'bad web' })
  world.onBad = () => {
    throw new DeployError('disk_full', 'No space left')
  }
  expect((await world.deploy()).says).toContain('No space left; rolled back to')
  expect(await holds()).toEqual([])
})

test('before the first success there is nothing to go back to, which is said', async () => {
  world = rollbackWorld()
  world.push({ web: 'bad web' })
  const { says, steps } = await world.deploy()
  expect(says).toBe(
    'web is unhealthy; there is nothing to go back to, as no deployment of shop has succeeded yet',
  )
  expect(steps.at(-1)).toBe('rollBack failure')
  expect(await holds()).toEqual([])
})

test('where the way back fails too, both are told, and nothing is held, so that the next push tries anew', async () => {
  world.push({ web: 'bad web' })
  world.onBad = () => world.compose.fail('up', new DeployError('compose_failed', 'port is taken'))
  const { outcome, steps } = await world.deploy()
  const error = 'error' in outcome ? outcome.error : undefined
  expect(error).toMatchObject({ code: 'rollback_failed' })
  expect(describeError(error)).toMatch(
    /^ROLLBACK FAILED, shop may be down: web is unhealthy; going back to \w{7} failed as well: port is taken\n/,
  )
  expect(steps.at(-1)).toBe('rollBack failure')
  expect(await holds()).toEqual([])
  world.compose.mend('up')
  world.push({ web: 'web 3' })
  expect((await world.deploy()).outcome.status).toBe('success')
})

test('an image that is gone is told before anything is touched again', async () => {
  world.push({ web: 'bad web' })
  world.onBad = () => {
    for (const { names } of world.engine.store.all()) {
      for (const name of names.filter((one) => one.startsWith('fairway/shop/web')))
        world.engine.store.untag(name)
    }
  }
  const calls = world.compose.calls
  const { says } = await world.deploy()
  expect(says).toContain('the image that web ran is not here any more')
  expect(calls.at(-1)).toBe('up shop web')
})

test('what was recorded before there were releases can be gone back to, and is one then', async () => {
  const recorded = await state()
  const { release: _, ...older } = recorded ?? { services: {}, unsettled: [] }
  await world.git.dropReleases(
    world.path,
    'shop',
    (await world.git.releases(world.path, 'shop')).map(({ id }) => id),
  )
  await world.git.writeState(world.path, 'shop', older)
  world.push({ web: 'bad web' })
  expect((await world.deploy()).says).toContain(`rolled back to ${good.slice(0, 7)}`)
  expect(world.runs()).toEqual({ web: 'web 1', api: 'api 1' })
  const [release] = await world.git.releases(world.path, 'shop')
  expect(release).toMatchObject({ commit: good })
  expect((await state())?.release).toBe(release?.id)
})

test('one that is cancelled on the way back ends as cancelled, to be taken up again', async () => {
  world.push({ web: 'bad web' })
  const controller = new AbortController()
  world.onBack = () => controller.abort(new DeployError('cancelled', 'the server stops'))
  const { outcome, steps } = await world.deploy({ signal: controller.signal })
  expect([outcome.status, steps.at(-1)]).toEqual(['cancelled', 'rollBack cancelled'])
  expect('step' in outcome && outcome.step).toBe('rollBack')
  expect(await holds()).toEqual([])
})
