import { beforeEach, describe, expect, test } from 'vitest'
import { DeployError } from '../../src/errors.ts'
import { type RollbackWorld, rollbackWorld } from '../support/rollback-world.ts'

// A process that is killed does nothing any more, and neither does a run that is cancelled: what it had noted is what is left of both.

let world: RollbackWorld
let good: string
beforeEach(async () => {
  world = rollbackWorld()
  good = world.push({})
  await world.deploy({ deployment: 'first' })
})

const killed = new DeployError('cancelled', 'killed')
const holds = async () => (await world.git.holds(world.path, 'shop')).content
const state = () => world.git.readState(world.path, 'shop')
const ups = (): number => world.compose.calls.filter((call) => /^(?:up|recreate) /.test(call)).length
const builds = (): number => world.engine.calls.filter((call) => call.startsWith('build ')).length

/** An attempt that is killed while the gate looks. */
async function killedInGate(manual?: Parameters<RollbackWorld['deploy']>[0]): Promise<void> {
  const controller = new AbortController()
  const { isBad } = world
  world.isBad = () => {
    controller.abort(killed)
    return false
  }
  const { outcome } = await world.deploy({ deployment: 'second', ...manual, signal: controller.signal })
  expect(outcome.status).toBe('cancelled')
  world.isBad = isBad
}

describe('killed in the gate', () => {
  test('the next attempt finds the containers as its own, replaces none of them, and records what they are', async () => {
    const commit = world.push({ web: 'web 2' })
    const before = await state()
    await killedInGate()
    const [once, built, ids] = [ups(), builds(), world.engine.shown('shop').map(({ id }) => id)]
    const { outcome } = await world.deploy({ deployment: 'second' })
    expect(outcome.status).toBe('success')
    expect([ups(), builds()]).toEqual([once, built])
    expect(world.engine.shown('shop').map(({ id }) => id)).toEqual(ids)
    const after = await state()
    expect(after).toMatchObject({ commit, deployment: 'second', unsettled: [] })
    expect(after).not.toHaveProperty('settling')
    expect(after?.services['web']?.image).not.toBe(before?.services['web']?.image)
    // It is a release of its own, which can be gone back to.
    const [release] = await world.git.releases(world.path, 'shop')
    expect(release).toMatchObject({ commit, id: after?.release })
    world.push({ web: 'bad web' })
    expect((await world.deploy()).says).toContain(`rolled back to ${commit.slice(0, 7)}`)
    expect(world.runs()).toEqual({ web: 'web 2', api: 'api 1' })
  })

  test('so does one that is killed again', async () => {
    world.push({ web: 'web 2' })
    await killedInGate()
    const once = ups()
    await killedInGate()
    expect((await world.deploy({ deployment: 'second' })).outcome.status).toBe('success')
    expect(ups()).toBe(once)
  })

  test('another deployment trusts none of them', async () => {
    world.push({ web: 'web 2' })
    await killedInGate()
    const once = ups()
    await world.deploy({ deployment: 'third' })
    expect(ups()).toBe(once + 1)
  })

  test('what the branch brings meanwhile is compared with what runs, not with the last success', async () => {
    world.push({ web: 'web 2' })
    await killedInGate()
    world.push({ web: 'web 1' })
    await world.deploy({ deployment: 'second' })
    expect(world.runs()).toEqual({ web: 'web 1', api: 'api 1' })
  })

  test('a bad version is found bad without being brought up again, and held', async () => {
    world.push({ web: 'bad web' })
    await killedInGate()
    const once = ups()
    const { says } = await world.deploy({ deployment: 'second' })
    expect(says).toBe(`web is unhealthy; rolled back to ${good.slice(0, 7)}, which serves again`)
    // The way back.
    expect(ups()).toBe(once + 1)
    expect(world.runs()).toEqual({ web: 'web 1', api: 'api 1' })
    expect(await holds()).toMatchObject([{ service: 'web', deployment: 'second' }])
  })

  test('a way back that somebody asked for brings nothing up again', async () => {
    world.push({ web: 'web 2' })
    await world.deploy({ deployment: 'better' })
    const back = { deployment: 'back', manual: { rollback: { reason: 'slow' } } }
    await killedInGate(back)
    const once = ups()
    expect((await world.deploy(back)).outcome.status).toBe('success')
    expect(ups()).toBe(once)
    expect(await state()).toMatchObject({ commit: good, deployment: 'back', unsettled: [] })
    expect(await holds()).toMatchObject([{ service: 'web', left: true }])
  })
})

describe('killed on the way back', () => {
  const killedGoingBack = async (at: 'onHeld' | number): Promise<void> => {
    const controller = new AbortController()
    const kill = (): void => controller.abort(killed)
    if (at === 'onHeld') world.onHeld = kill
    else world.onNoted = (times) => (times === at ? kill() : undefined)
    const { outcome, steps } = await world.deploy({ deployment: 'second', signal: controller.signal })
    expect([outcome.status, steps.at(-1)]).toEqual(['cancelled', 'rollBack cancelled'])
    world.onHeld = () => {}
    world.onNoted = () => {}
  }

  const goesOn = async (): Promise<void> => {
    const built = builds()
    const { outcome, says, steps } = await world.deploy({ deployment: 'second' })
    expect(outcome).toMatchObject({ status: 'failure', error: { code: 'unhealthy', services: ['web'] } })
    expect(says).toBe(`web is unhealthy; rolled back to ${good.slice(0, 7)}, which serves again`)
    expect(steps).toEqual(['refuseHeld failure', 'rollBack success'])
    expect(builds()).toBe(built)
    expect(world.runs()).toEqual({ web: 'web 1', api: 'api 1' })
    expect(await world.head()).toBe(good)
    const after = await state()
    expect(after).toMatchObject({ commit: good, deployment: 'first', unsettled: [] })
    expect(after).not.toHaveProperty('goingBack')
    expect(await holds()).toMatchObject([
      { service: 'web', deployment: 'second', reason: 'web is unhealthy' },
    ])
  }

  beforeEach(() => {
    world.push({ web: 'bad web', api: 'api 2' })
  })

  test('the next attempt goes on with it, and does not try once more what failed', async () => {
    await killedGoingBack(1)
    expect(world.runs()).toEqual({ web: 'bad web', api: 'api 2' })
    const once = ups()
    await goesOn()
    expect(ups()).toBe(once + 1)
  })

  test('what it has brought back already is not replaced once more', async () => {
    await killedGoingBack(2)
    const once = ups()
    expect(world.runs()).toEqual({ web: 'web 1', api: 'api 1' })
    await goesOn()
    expect(ups()).toBe(once)
  })

  test('nor is what it has held', async () => {
    await killedGoingBack('onHeld')
    const once = ups()
    await goesOn()
    expect(ups()).toBe(once)
  })

  test('a newer push comes instead, and leaves nothing of it', async () => {
    await killedGoingBack(1)
    const fix = world.push({ web: 'web 3' })
    expect((await world.deploy({ deployment: 'third' })).outcome.status).toBe('success')
    expect(world.runs()).toEqual({ web: 'web 3', api: 'api 2' })
    expect(await state()).toMatchObject({ commit: fix, unsettled: [] })
    expect(await state()).not.toHaveProperty('goingBack')
  })

  test('where that fails too, both are told', async () => {
    await killedGoingBack(1)
    world.compose.fail('up', new DeployError('compose_failed', 'port is taken'))
    const { outcome, says } = await world.deploy({ deployment: 'second' })
    expect(outcome).toMatchObject({ status: 'failure', error: { code: 'rollback_failed' } })
    expect(says).toMatch(/web is unhealthy; going back to \w{7} failed as well: port is taken/)
    expect(await holds()).toEqual([])
  })

  test('one that somebody asked for, and that failed, goes on with its own way back', async () => {
    await world.deploy({ deployment: 'bad' })
    const better = world.push({ web: 'web 4', api: 'api 2' })
    await world.deploy({ deployment: 'better' })
    // What ran well once doesn't any more.
    world.isBad = (page) => page === 'web 1'
    const manual = { rollback: { reason: 'slow' } }
    const controller = new AbortController()
    world.onNoted = () => controller.abort(killed)
    await world.deploy({ deployment: 'back', manual, signal: controller.signal })
    world.onNoted = () => {}
    const { says, steps } = await world.deploy({ deployment: 'back', manual })
    expect(says).toBe(`web is unhealthy; rolled back to ${better.slice(0, 7)}, which serves again`)
    expect(steps).toEqual(['goBack failure', 'rollBack success'])
    expect(world.runs()).toEqual({ web: 'web 4', api: 'api 2' })
  })
})
