import fc from 'fast-check'
import { test } from 'vitest'
import { followHistory } from './follow-history.ts'
import { histories } from './random-project.ts'

test('repro', { timeout: 600_000 }, async () => {
  const follow = fc.asyncProperty(histories(8), async (history) => {
    await followHistory(history, new Map())
  })
  await fc.assert(follow, { seed: 20_261_124, path: process.env['P'] ?? '14', numRuns: 1, endOnFailure: true })
})
