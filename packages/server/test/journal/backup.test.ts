import { copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { recordingLogger } from '../support/recording-logger.ts'
import { delivery, queue } from './contract/support.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
afterEach(() => folders.remove())

const open = (directory: string, log = recordingLogger()) => folders.close(sqliteJournal({ directory, log }))
const ids = async (journal: ReturnType<typeof open>) =>
  (await journal.deliveries({ limit: 1e6 })).map(({ id }) => id)

test('a copy made while deliveries come is one moment of the journal, and only its owner may read it', async () => {
  const journal = open(folders.make())
  for (let i = 0; i < 50; i++) await journal.accept(delivery(`before-${i}`, `app-${i}`))
  const target = folders.make()
  const file = join(target, 'copy.db')
  let isDone = false
  const copying = journal.backup(file).then(() => (isDone = true))
  let during = 0
  while (!isDone) await journal.accept(delivery(`during-${during++}`, 'shop'))
  await copying
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(target)).toEqual(['copy.db'])

  const restored = folders.make()
  copyFileSync(file, join(restored, 'journal.db'))
  const found = await ids(open(restored))
  expect(found.filter((id) => id.startsWith('before'))).toHaveLength(50)
  const late = found.filter((id) => id.startsWith('during')).toReversed()
  expect(late).toEqual(late.map((_, index) => `during-${index}`))
})

test('a copy that is put back is the journal again, whatever a killed server left beside it', async () => {
  const directory = folders.make()
  const server = open(directory)
  await queue(server, 'd1')
  const copy = join(folders.make(), 'copy.db')
  await server.backup(copy)
  for (let i = 0; i < 20; i++) await queue(server, `later-${i}`)
  // As after a kill: the log is still there.
  const killed = folders.make()
  for (const name of ['journal.db-wal', 'journal.db-shm', 'journal.made']) {
    copyFileSync(join(directory, name), join(killed, name))
  }
  copyFileSync(copy, join(killed, 'journal.db'))
  const log = recordingLogger()
  const restored = open(killed, log)
  expect(restored.damage).toBeUndefined()
  expect(await ids(restored)).toEqual(['d1'])
  expect(log.lines).toEqual([expect.stringMatching(/is a copy that was put back.*journal\.db\.older-.*-wal/)])
  await queue(restored, 'd2')
  // From here on its log is its own.
  const crashed = folders.make()
  for (const name of ['journal.db', 'journal.db-wal', 'journal.made']) {
    copyFileSync(join(killed, name), join(crashed, name))
  }
  expect(await ids(open(crashed))).toEqual(['d2', 'd1'])
})

test('a file that is there already stays as it is', async () => {
  const journal = open(folders.make())
  const file = join(folders.make(), 'copy.db')
  writeFileSync(file, 'precious')
  await expect(journal.backup(file)).rejects.toThrow(`Cannot write a copy to ${file}: it is there already`)
  expect(statSync(file).size).toBe(8)
})

test('a folder that is not there is said', async () => {
  const journal = open(folders.make())
  const file = join(folders.make(), 'nowhere', 'copy.db')
  await expect(journal.backup(file)).rejects.toThrow(`Cannot write a copy to ${file}: ENOENT`)
  expect(existsSync(file)).toBe(false)
})

test("the journal itself is its owner's alone", async () => {
  const directory = join(folders.make(), 'data')
  const journal = open(directory)
  await queue(journal, 'd1')
  const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777)
  expect(new Set(modes)).toEqual(new Set([0o600]))
  expect(statSync(directory).mode & 0o777).toBe(0o700)
})
