import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followHistory, type Seen } from './follow-history.ts'
import { histories } from './random-project.ts'
import { realDocker } from './real-docker.ts'

/** The sample of `plans-hold.long.test.ts` that real containers are made of; `FAIRWAY_HISTORIES` asks for more. */
const seed = Number(process.env['FAIRWAY_SEED'] ?? 20_261_124)
const numRuns = Number(process.env['FAIRWAY_HISTORIES'] ?? 6)

test(
  `${numRuns} random histories on the real engine: each deployment leaves every service at the content of its commit, touches none without need, and leaves nothing to do`,
  { timeout: numRuns * 300_000 },
  async () => {
    const seen: Seen = new Map()
    const follow = fc.asyncProperty(histories(5), (history) => followHistory(history, seen, realDocker))
    await fc.assert(follow, { numRuns, seed, endOnFailure: true })
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining(['build', 'recreate', 'start', 'keep', 'succeeded']),
    )
  },
)
