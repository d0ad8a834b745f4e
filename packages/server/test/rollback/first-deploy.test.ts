import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeWorld, type World } from '../support/world.ts'
import { everythingServed, pushVersion } from './support/trial.ts'

// Several real deploys each, on machines that have more to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.close())

const fails = 'echo cannot start; exit 3\n'

test('where the first deploy ever fails there is nothing to go back to: it says so, and nothing is held', async () => {
  const { status, reason } = await pushVersion(world, { page: 'bad', program: fails })
  expect(status).toBe('failure')
  expect(reason).toMatch(
    /^web exited with code 3; there is nothing to go back to, as no deployment of shop has succeeded yet\n/,
  )
  expect(reason).toContain('  cannot start')
  expect(await pushVersion(world, { page: 'good' })).toMatchObject({ status: 'success', reason: null })
  expect(await everythingServed(world)).toEqual(['good', 'good', 'good'])
})
