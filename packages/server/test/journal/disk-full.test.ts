import { appendFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../../../scripts/lib/run.ts'
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { delivery } from './contract/support.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
let disk: string
beforeEach(async () => {
  disk = folders.make()
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'fairway-test', disk])
})
afterEach(async () => {
  await folders.closeAll()
  await run('umount', [disk])
  await folders.remove()
})

const filler = (): string => join(disk, 'filler')
/** Takes all the space but so many bytes. */
function fill(room: number): void {
  const { bavail, bsize } = statfsSync(disk)
  appendFileSync(filler(), Buffer.alloc(Math.max(0, bavail * bsize - room)))
}

const body = new Uint8Array(8_192).fill(120)
const large = (id: string) => ({ ...delivery(id, id), received: { headers: {}, body, signedBy: [] } })

test('F7: on a full disk deliveries are refused in words and whole, and with room again it goes on by itself', async () => {
  const journal = folders.close(sqliteJournal({ directory: disk }))
  const stored: string[] = []
  const refused: unknown[] = []
  const send = async (name: string, count: number): Promise<void> => {
    const ids = Array.from({ length: count }, (_, index) => `${name}-${index}`)
    await Promise.all(
      ids.map((id) =>
        journal.accept(large(id)).then(
          () => stored.push(id),
          (error: unknown) => refused.push(error),
        ),
      ),
    )
  }
  await send('first', 20)
  expect(refused).toEqual([])
  fill(600_000)
  for (let round = 0; round < 10; round++) await send(`second-${round}`, 10)
  expect(refused.length).toBeGreaterThan(0)
  for (const error of refused) {
    expect(error).toMatchObject({
      code: 'journal_unavailable',
      message: `Cannot use the journal ${join(disk, 'journal.db')}: the disk is full`,
    })
  }
  // Little things fit for as long as the log has room of its own.
  for (let isWritable = true; isWritable;) {
    fill(0)
    isWritable = await journal.check().then(
      () => true,
      () => false,
    )
  }
  await expect(journal.check()).rejects.toThrow('the disk is full')

  rmSync(filler())
  refused.length = 0
  await send('third', 20)
  expect(refused).toEqual([])
  await journal.check()
  await journal.close()
  const again = folders.close(sqliteJournal({ directory: disk }))
  expect(again.damage).toBeUndefined()
  const found = await again.deliveries({ limit: 1_000 })
  expect(found.map(({ id }) => id).toSorted()).toEqual(stored.toSorted())
  expect(await again.deployments({ limit: 1_000 })).toHaveLength(stored.length)
})

test('F10: a journal on a read-only disk is refused in words', async () => {
  const journal = sqliteJournal({ directory: disk })
  await journal.accept(large('d1'))
  await journal.close()
  await run('mount', ['-o', 'remount,ro', disk])
  expect(() => sqliteJournal({ directory: disk })).toThrow(
    `Cannot use the journal ${join(disk, 'journal.db')}: it is read-only`,
  )
  await run('mount', ['-o', 'remount,rw', disk])
  const again = folders.close(sqliteJournal({ directory: disk }))
  expect(await again.deliveries()).toHaveLength(1)
})
