import { expect, test } from 'vitest'
import { memoryJournal } from '../../src/journal/memory-journal.ts'
import { delivery, journalContract } from './journal-contract.ts'

journalContract(memoryJournal)

test('forgets the oldest that have ended, and never what has not', async () => {
  const journal = memoryJournal({ keep: 2 })
  const open = await journal.accept(delivery('open', 'slow'))
  for (const id of ['d1', 'd2', 'd3', 'd4']) {
    const { deployments } = await journal.accept(delivery(id, id))
    await journal.ended(deployments[0]?.id ?? '', { status: 'success', reason: null, commit: null })
  }
  await journal.accept(delivery('d5', 'd5'))
  const kept = (await journal.deployments()).map(({ app }) => app)
  expect(kept).toContain('slow')
  expect(kept).not.toContain('d1')
  expect(await journal.deployment(open.deployments[0]?.id ?? '')).toMatchObject({ status: 'queued' })
})

test('there is nothing to back up, and it says so', async () => {
  await expect(memoryJournal().backup('copy.db')).rejects.toThrow(
    'Cannot write copy.db: this journal lies in memory alone',
  )
})
