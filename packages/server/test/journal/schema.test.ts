import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { connect } from '../../src/journal/sqlite/connect.ts'
import { migrate } from '../../src/journal/sqlite/migrate.ts'
import { schemaSteps } from '../../src/journal/sqlite/schema.ts'
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { delivery, deploy, queue } from './contract/support.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
afterEach(() => folders.remove())

function database(file: string): DatabaseSync {
  const opened = connect(file)
  folders.close({
    async close() {
      if (opened.isOpen) opened.close()
    },
  })
  return opened
}

const one = (from: DatabaseSync, sql: string): unknown => Object.values(from.prepare(sql).get() ?? {})[0]

test('a journal of the first schema is brought forward, with what is in it', async () => {
  const directory = folders.make()
  const journal = sqliteJournal({ directory })
  const id = await deploy(journal, 'd1', 'success', 'a'.repeat(40))
  await queue(journal, 'd2')
  await journal.close()
  // Back to what the first step made.
  const older = database(join(directory, 'journal.db'))
  older.exec('DROP TABLE ended_commits; DROP TABLE refusals; PRAGMA user_version = 1')
  older.close()
  const again = folders.close(sqliteJournal({ directory }))
  expect(again.damage).toBeUndefined()
  expect((await again.deployments()).map((row) => row.id)).toContain(id)
  expect(await again.history('shop', 'a'.repeat(40))).toEqual({ ended: true, everDeployed: true })
  again.refused('signature_invalid')
  await again.accept(delivery('d3', 'shop'))
})

test('one of a newer Fairway is refused, and nothing is changed', async () => {
  const directory = folders.make()
  await sqliteJournal({ directory }).close()
  const file = join(directory, 'journal.db')
  const newer = database(file)
  newer.exec('PRAGMA user_version = 7')
  newer.close()
  expect(() => sqliteJournal({ directory })).toThrow(
    `${file} was written by a newer Fairway (schema 7, this one knows ${schemaSteps.length}); nothing was changed`,
  )
  expect(one(database(file), 'PRAGMA user_version')).toBe(7)
})

test('a step that fails leaves the schema as it was', () => {
  const opened = database(join(folders.make(), 'x.db'))
  migrate(opened, 'x.db', ['CREATE TABLE one (a)'])
  const steps = ['CREATE TABLE one (a)', 'CREATE TABLE two (a)', 'CREATE TABLE two (a)']
  expect(() => migrate(opened, 'x.db', steps)).toThrow('already exists')
  expect(one(opened, 'PRAGMA user_version')).toBe(1)
  expect(one(opened, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'")).toBe(0)
})

test('what was answered is on disk: a log that is synced at every commit, in large pages', async () => {
  const directory = folders.make()
  const journal = folders.close(sqliteJournal({ directory }))
  await queue(journal, 'd1')
  const looking = database(join(directory, 'journal.db'))
  expect(one(looking, 'PRAGMA journal_mode')).toBe('wal')
  expect(one(looking, 'PRAGMA page_size')).toBe(8192)
  // Of each connection; they are all made in one place.
  expect(one(looking, 'PRAGMA synchronous')).toBe(2)
})

test('refused deliveries are counted by day and reason', async () => {
  const directory = folders.make()
  const journal = sqliteJournal({ directory })
  for (let i = 0; i < 3; i++) journal.refused('signature_invalid')
  journal.refused('signature_missing')
  await journal.close()
  const again = sqliteJournal({ directory })
  again.refused('signature_invalid')
  await again.close()
  const rows = database(join(directory, 'journal.db'))
    .prepare('SELECT why, count FROM refusals ORDER BY why')
    .all()
  expect(rows.map(({ why, count }) => [why, count])).toEqual([
    ['signature_invalid', 4],
    ['signature_missing', 1],
  ])
})

test('what comes after it was closed is refused in words', async () => {
  const journal = sqliteJournal({ directory: folders.make() })
  const last = journal.accept(delivery('d1', 'shop'))
  await journal.close()
  expect(await last).toMatchObject({ duplicate: false })
  await expect(journal.accept(delivery('d2', 'shop'))).rejects.toThrow('is closed')
  await expect(journal.deployments()).rejects.toThrow('is closed')
})
