import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makeWorld, type World } from '../support/world.ts'
import { faults, freePort } from './support/faults.ts'
import { everythingServed, pushGood, tryFault } from './support/trial.ts'

// Several real deploys each, on machines that have more to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const port = await freePort()
let world: World
beforeAll(async () => {
  world = await makeWorld({ app: { rollout: { settle: '2500ms', healthTimeout: '8s' } } })
  await pushGood(world, { page: 'good' })
})
afterAll(() => world.close())

test.for(faults(port).map((fault) => [fault.name, fault] as const))(
  'a version that %s is a failure, and the version before serves again by itself',
  async ([, fault]) => {
    const good = await world.git('rev-parse', 'refs/fairway/deployed/shop')
    const { deployment, served } = await tryFault(world, fault, { page: `bad: ${fault.name}`, port })
    expect(deployment.status).toBe('failure')
    expect(deployment.reason).toMatch(fault.says)
    expect(deployment.reason).toContain(`; rolled back to ${good.slice(0, 7)}, which serves again\n`)
    expect(served).toEqual(['good', 'good', 'good'])
    expect(deployment.steps.at(-2)).toMatchObject({ name: 'rollBack', status: 'success' })
    expect(deployment.plan?.commit).toBe(deployment.commit)
    // The checkout and what is recorded went back with it.
    expect(await world.git('rev-parse', 'HEAD', 'refs/fairway/deployed/shop')).toBe(`${good}\n${good}`)
    expect(await world.git('status', '--porcelain')).toBe('')
  },
)

test('all that goes on running afterwards is what was there before', async () => {
  expect([...(await world.containers()).keys()]).toEqual(['web'])
  expect(await everythingServed(world)).toEqual(['good', 'good', 'good'])
})
