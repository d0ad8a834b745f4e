import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { connect } from '../../src/journal/sqlite/connect.ts'
import { groupCommit } from '../../src/journal/sqlite/group-commit.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
afterEach(() => folders.remove())

function open(assertUsable = () => {}) {
  const database = connect(join(folders.make(), 'x.db'))
  folders.close({
    async close() {
      database.close()
    },
  })
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE numbers (number INTEGER PRIMARY KEY)')
  let commits = 0
  const { write } = groupCommit({ database, assertUsable, onStored: () => commits++ })
  const insert = database.prepare('INSERT INTO numbers VALUES (?)')
  return {
    write,
    add: (number: number) => void insert.run(number),
    insert: (number: number) => write(() => insert.run(number)),
    numbers: () =>
      database
        .prepare('SELECT number FROM numbers')
        .all()
        .map((row) => row['number']),
    commits: () => commits,
  }
}

test('what waits shares one transaction, and resolves in it with what it gave', async () => {
  const { write, insert, numbers, commits } = open()
  const all = await Promise.all([insert(1), insert(2), write(() => 'three')])
  expect(all.at(-1)).toBe('three')
  expect(numbers()).toEqual([1, 2])
  expect(commits()).toBe(1)
  await insert(3)
  expect(commits()).toBe(2)
})

test('one that fails fails alone, and nothing of it is stored', async () => {
  const { write, add, insert, numbers, commits } = open()
  const outcomes = await Promise.allSettled([
    insert(1),
    insert(1),
    write(() => {
      add(7)
      throw new Error('changed its mind')
    }),
    insert(2),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(numbers()).toEqual([1, 2])
  expect(commits()).toBe(1)
})

test('where nothing may be written, all of them are told and later ones go on', async () => {
  let usable = false
  const { insert, numbers } = open(() => {
    if (!usable) throw new Error('not now')
  })
  const outcomes = await Promise.allSettled([insert(1), insert(2)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  usable = true
  await insert(3)
  expect(numbers()).toEqual([3])
})
