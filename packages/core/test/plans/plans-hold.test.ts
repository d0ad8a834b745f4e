import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followHistory, type Seen } from './follow-history.ts'
import { histories } from './random-project.ts'

/** `FAIRWAY_SEED` repeats another run; `FAIRWAY_HISTORIES` makes it longer. */
const seed = Number(process.env['FAIRWAY_SEED'] ?? 20_261_124)
const numRuns = Number(process.env['FAIRWAY_HISTORIES'] ?? 12)

test(
  `${numRuns} random histories: each deployment leaves every service at the content of its commit, touches none without need, and leaves nothing to do`,
  { timeout: numRuns * 20_000 },
  async () => {
    const seen: Seen = new Map()
    await fc.assert(
      fc.asyncProperty(histories(8), (history) => followHistory(history, seen)),
      { numRuns, seed, endOnFailure: true },
    )
    const kinds = [...seen.keys()]
    expect(kinds).toEqual(
      expect.arrayContaining(['build', 'recreate', 'start', 'keep', 'remove', 'succeeded']),
    )
  },
)
