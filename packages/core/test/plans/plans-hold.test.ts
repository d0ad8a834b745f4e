import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followHistory, type Seen } from './follow-history.ts'
import { histories } from './random-project.ts'

/** Many more are in `plans-hold.long.test.ts`; `FAIRWAY_SEED` tries others. */
const seed = Number(process.env['FAIRWAY_SEED'] ?? 20_261_124)
const numRuns = 3

test(
  `${numRuns} random histories: each deployment leaves every service at the content of its commit, touches none without need, and leaves nothing to do`,
  { timeout: numRuns * 60_000 },
  async () => {
    const seen: Seen = new Map()
    const follow = fc.asyncProperty(histories(4), (history) => followHistory(history, seen))
    await fc.assert(follow, { numRuns, seed, endOnFailure: true })
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['build', 'keep', 'succeeded']))
  },
)
