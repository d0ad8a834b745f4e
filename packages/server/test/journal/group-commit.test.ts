import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
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

describe('what need not outlast a power cut', () => {
  /** How hard each transaction of these writes tries. */
  async function tries(...writes: readonly (boolean | undefined)[]): Promise<readonly unknown[]> {
    const database = connect(join(folders.make(), 'x.db'))
    folders.close({
      async close() {
        database.close()
      },
    })
    const { write } = groupCommit({ database, assertUsable: () => {}, onStored: () => {} })
    // Prepared anew: it answers what was so then.
    const look = (): unknown => database.prepare('PRAGMA synchronous').get()?.['synchronous']
    const levels = writes.map((lasting) => write(look, lasting === undefined ? {} : { lasting }))
    return [...(await Promise.all(levels)), look()]
  }
  const [normal, full] = [1, 2]

  test('waits for no disk, and what comes after it does again', async () => {
    expect(await tries(false)).toEqual([normal, full])
    expect(await tries(undefined)).toEqual([full, full])
  })

  test('lasts with what must and shares its commit', async () => {
    expect(await tries(false, true, false)).toEqual([full, full, full, full])
  })

  test('that fails leaves nothing changed for the next', async () => {
    const { write, insert, numbers } = open()
    await insert(1)
    const failing = write(
      () => {
        throw new Error('changed its mind')
      },
      { lasting: false },
    )
    await expect(failing).rejects.toThrow('changed its mind')
    await insert(2)
    expect(numbers()).toEqual([1, 2])
  })
})
