import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followHistory, type Seen } from './follow-history.ts'
import { histories } from './random-project.ts'

/** The seed makes a failure repeatable; `FAIRWAY_HISTORIES` asks for more. */
const seed = Number(process.env['FAIRWAY_SEED'] ?? 20_261_124)
const numRuns = Number(process.env['FAIRWAY_HISTORIES'] ?? 60)

test(
  `${numRuns} random histories: each deployment leaves every service at the content of its commit, touches none without need, and leaves nothing to do`,
  { timeout: numRuns * 60_000 },
  async () => {
    const seen: Seen = new Map()
    const follow = fc.asyncProperty(histories(8), (history) => followHistory(history, seen))
    // Shrinking takes as long again for each step; the seed and path that are told let one do it.
    await fc.assert(follow, { numRuns, seed, endOnFailure: process.env['FAIRWAY_SHRINK'] !== '1' })
    const happened = ['build', 'recreate', 'start', 'restart', 'remove', 'keep', 'pull', 'succeeded']
    const failed = ['build', 'up', 'half up', 'after up', 'record'].map((what) => `failed: ${what}`)
    expect([...seen.keys()]).toEqual(expect.arrayContaining([...happened, ...failed]))
  },
)
