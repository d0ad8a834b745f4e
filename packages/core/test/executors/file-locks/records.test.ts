import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileLocks } from '../../../src/executors/file-locks.ts'
import {
  digestOf,
  newName,
  type OpenRecord,
  openRecord,
  readRecord,
  writeRecord,
} from '../../../src/executors/file-locks/records.ts'
import type { Lock } from '../../../src/executors/locks.ts'
import { identify } from '../../../src/executors/process-group.ts'

let folder: string
let name: string
let open: OpenRecord | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairway-records-'))
  name = newName(digestOf('checkout:/srv/shop'))
})
afterEach(() => {
  open?.close()
  open = undefined
  rmSync(folder, { recursive: true, force: true })
})

const file = (): string => join(folder, `${name}.held`)
const inode = (): number => statSync(file()).ino
const read = (): unknown => readRecord(folder, `${name}.held`)?.value
function begin(value: unknown = { groups: [] }): OpenRecord {
  writeRecord(folder, name, 'held', value)
  open = openRecord(folder, name, 'held')
  return open
}

describe('a record that is written again and again', () => {
  test('says what was written last, longer or shorter than before', () => {
    const record = begin()
    for (const length of [1, 500, 3, 0, 4_000, 10]) {
      record.write({ text: 'x'.repeat(length) })
      expect(read()).toEqual({ text: 'x'.repeat(length) })
    }
  })

  test('is written over where it stands, and may still be read by everybody', () => {
    const record = begin()
    const before = inode()
    record.write({ groups: [1, 2, 3] })
    record.write({ groups: [] })
    expect([inode(), statSync(file()).mode & 0o777]).toEqual([before, 0o644])
    expect(readdirSync(folder)).toEqual([`${name}.held`])
  })

  test('is replaced as a whole where it is longer than what is written at once, and once more after that', () => {
    const record = begin()
    const [long, short] = [{ text: 'x'.repeat(5_000) }, { text: 'short' }]
    const before = inode()
    record.write(long)
    expect([read(), inode() === before]).toEqual([long, false])
    record.write(short)
    expect(read()).toEqual(short)
    // A file of now, and not the one that was replaced.
    const after = inode()
    record.write({ text: 'again' })
    expect([read(), inode()]).toEqual([{ text: 'again' }, after])
    expect(readdirSync(folder)).toEqual([`${name}.held`])
  })

  test('is no link that somebody put there', () => {
    const target = join(folder, 'target')
    writeFileSync(target, 'theirs')
    symlinkSync(target, file())
    expect(() => openRecord(folder, name, 'held')).toThrow('ELOOP')
    expect(readFileSync(target, 'utf8')).toBe('theirs')
  })
})

describe('what works under a lock', () => {
  const note = (): unknown => {
    const found = readdirSync(folder).find((one) => one.endsWith('.held'))
    return found === undefined ? undefined : readRecord(folder, found)?.value
  }
  async function take(): Promise<Lock> {
    const answer = await fileLocks({ directory: folder }).take('checkout:/srv/shop', 'fairway')
    if (!answer.taken) throw new Error('It is held')
    return answer.lock
  }

  test('is noted as it comes and goes, each told from a later process of its number', async () => {
    const lock = await take()
    expect(note()).toEqual({ groups: [] })
    const [own, parent] = [identify(process.pid), identify(process.ppid)]
    lock.note([own.pid, parent.pid])
    expect(note()).toEqual({ groups: [own, parent] })
    lock.note([parent.pid])
    expect(note()).toEqual({ groups: [parent] })
    lock.note([])
    expect(note()).toEqual({ groups: [] })
    await lock.release()
  })

  test('is noted in full where there is more of it than is written at once', async () => {
    const lock = await take()
    const many = Array.from({ length: 400 }, (_, index) => 4_194_305 + index)
    lock.note(many)
    expect(note()).toEqual({ groups: many.map((pid) => ({ pid })) })
    lock.note([many[0] ?? 0])
    expect(note()).toEqual({ groups: [{ pid: many[0] }] })
    await lock.release()
  })

  test('is noted no more once the lock was given back, also twice', async () => {
    const lock = await take()
    await lock.release()
    lock.note([process.pid])
    await lock.release()
    expect(readdirSync(folder)).toEqual([])
  })
})
