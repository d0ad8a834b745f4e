import { expect, test } from 'vitest'
import { gatherNotes } from '../src/gather-notes.ts'
import { manualClock } from './support/manual-clock.ts'

test('notes of one moment are begun together, and a flush waits for those that were begun before', async () => {
  const notes = gatherNotes(manualClock())
  const begun: string[] = []
  const first = Promise.withResolvers<void>()
  notes.add(async () => {
    begun.push('planned')
    await first.promise
  })
  notes.add(async () => void begun.push('step'))
  expect(begun).toEqual([])
  let isFlushed = false
  const flushed = notes.flush().then(() => (isFlushed = true))
  expect(begun).toEqual(['planned', 'step'])
  await Promise.resolve()
  expect(isFlushed).toBe(false)
  first.resolve()
  await flushed
  await notes.flush()
  expect(begun).toEqual(['planned', 'step'])
})
