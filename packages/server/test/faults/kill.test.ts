import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lane, openLane } from './kill/lane.ts'
import { planTrial } from './kill/plan.ts'

// The short version of `pnpm test:faults`, whose `--seed` and `--only` run one of these again.
const seed = Math.floor(Math.random() * 2 ** 31)

let lane: Lane
beforeAll(async () => {
  lane = await openLane()
}, 120_000)
afterAll(() => lane.close())

test.for([
  ['F1: kill -9 between accept and start', 0],
  ['F2: kill -9 during fetch', 6],
  ['F3: kill -9 during checkout', 2],
  ['F5: kill -9 during build', 8],
  ['F6: kill -9 during recreate', 4],
] as const)(
  '%s: nothing is lost, and the tip is served without another push',
  { timeout: 180_000 },
  async ([, trial]) => {
    const { plan, violations, lost, recovered, log = [] } = await lane.run(planTrial(seed, trial))
    expect(violations, `--seed ${seed} --only ${plan.trial}\n${log.join('\n')}`).toEqual([])
    expect({ lost, recovered }).toEqual({ lost: 0, recovered: true })
  },
)
