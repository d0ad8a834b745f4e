import { afterAll, beforeAll, expect, test } from 'vitest'
import { tryOnce } from './prove/in-lanes.ts'
import { killRollout, kills } from './prove/kill.ts'
import { killPhases } from './prove/kill-plan.ts'
import { openWorld } from './prove/open-world.ts'
import type { ServedWorld } from './prove/served-world.ts'

// The short version of `pnpm test:rollback`, whose `--seed` and `--kill` run one of these again. The 30 s are judged there: here other
// tests run at the same time.
const seed = Math.floor(Math.random() * 2 ** 31)

let world: ServedWorld
beforeAll(async () => {
  world = await openWorld(killRollout)
}, 120_000)
afterAll(() => world.close())

const trial = seed % killPhases.length

test(
  `kill -9 during ${killPhases[trial]}: after a restart a healthy version serves, and what is recorded of the deployment is true`,
  { timeout: 120_000 },
  async () => {
    const [work] = await kills(seed, [trial], { patience: 60_000 })
    if (!work) throw new Error('No trial was planned')
    const { violations, log = [] } = await tryOnce(work, world)
    expect(violations, `${work.name}, --seed ${seed} --kill ${trial}\n${log.join('\n')}`).toEqual([])
  },
)
