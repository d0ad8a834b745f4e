import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followHistory, type Seen } from './follow-history.ts'
import { histories } from './random-project.ts'
import { realDocker } from './real-docker.ts'

/** One of those of `plans-hold-docker.long.test.ts`, cut short. */
test(
  'a random history on the real engine: every service is at the content of its commit, none is touched without need, and nothing is left to do',
  { timeout: 180_000 },
  async () => {
    const seen: Seen = new Map()
    const follow = fc.asyncProperty(histories(1), (history) => followHistory(history, seen, realDocker))
    await fc.assert(follow, { numRuns: 1, seed: 20_261_124, endOnFailure: true })
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['build', 'keep', 'succeeded']))
  },
)
