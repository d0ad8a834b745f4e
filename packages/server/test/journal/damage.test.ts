import {
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { fakeClock } from '@fairway/core/testing'
import { afterEach, expect, test } from 'vitest'
import { recordingLogger } from '../support/recording-logger.ts'
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { deploy, queue } from './contract/support.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
afterEach(() => folders.remove())

const clock = fakeClock('2026-01-31T12:00:00.000Z')
const file = (directory: string): string => join(directory, 'journal.db')
const reopen = (directory: string, log = recordingLogger()) =>
  folders.close(sqliteJournal({ directory, clock, log }))

/** A journal with a deployment that ended for d1 and one that waits for d2; closed. */
async function fill(): Promise<string> {
  const directory = folders.make()
  const journal = sqliteJournal({ directory, clock })
  await deploy(journal, 'd1', 'failure')
  await queue(journal, 'd2')
  await journal.close()
  return directory
}

/** Overwrites bytes where a text stands, or from an offset on. */
function damage(path: string, at: number | string, bytes: Uint8Array | string): void {
  const offset = typeof at === 'number' ? at : readFileSync(path).indexOf(at)
  expect(offset).toBeGreaterThanOrEqual(0)
  const opened = openSync(path, 'r+')
  writeSync(opened, Buffer.from(bytes), 0, bytes.length, offset)
  closeSync(opened)
}

const garbage = (bytes: number): Buffer => Buffer.alloc(bytes, 0xa5)

test.each<{ how: string; why: string | RegExp; hurt: (path: string) => void }>([
  { how: 'with its header overwritten', why: /is damaged/, hurt: (path) => damage(path, 0, garbage(100)) },
  {
    how: 'with a page overwritten',
    why: /is damaged/,
    hurt: (path) => damage(path, 16_384 * 3, garbage(16_384)),
  },
  { how: 'cut off', why: /is damaged/, hurt: (path) => truncateSync(path, 16_384 * 3 + 100) },
  {
    how: 'with bytes flipped in what has still to end',
    why: /is damaged \(The record of deployment/,
    hurt: (path) => damage(path, '"status":"queued"', '"status":"queuee"'),
  },
  { how: 'emptied', why: 'is empty', hurt: (path) => writeFileSync(path, '') },
  { how: 'deleted', why: 'is missing', hurt: (path) => rmSync(path) },
])(
  'F30: a journal $how is moved aside and said, and never taken for a first start',
  async ({ why, hurt }) => {
    const directory = await fill()
    hurt(file(directory))
    const left = existsSync(file(directory)) ? readFileSync(file(directory)) : undefined
    const journal = reopen(directory)
    expect(journal.damage).toMatch(why)
    expect(journal.damage).toContain('a new one was begun')
    const aside = `${file(directory)}.damaged-2026-01-31T120000.000Z`
    if (left) {
      expect(journal.damage).toContain(aside)
      expect(readFileSync(aside).equals(left)).toBe(true)
    }
    expect(await journal.deployments()).toEqual([])
    await queue(journal, 'd3')
    await journal.close()
    const again = reopen(directory)
    expect(again.damage).toBeUndefined()
    expect((await again.deliveries()).map(({ id }) => id)).toEqual(['d3'])
  },
)

test('a first start is no damage, nor is a journal whose marker went', async () => {
  const directory = folders.make()
  const journal = reopen(directory)
  expect(journal.damage).toBeUndefined()
  await queue(journal, 'd1')
  await journal.close()
  rmSync(join(directory, 'journal.made'))
  const again = reopen(directory)
  expect([again.damage, (await again.deliveries()).length]).toEqual([undefined, 1])
  await again.close()
  rmSync(file(directory))
  expect(reopen(directory).damage).toMatch('is missing')
})

test('damage after damage overwrites nothing that was moved aside', async () => {
  const directory = await fill()
  for (let round = 0; round < 3; round++) {
    damage(file(directory), 0, garbage(100))
    await reopen(directory).close()
  }
  const aside = readdirSync(directory).filter((name) => /^journal\.db\.damaged-.*Z(-\d)?$/.test(name))
  expect(aside).toHaveLength(3)
})

test('while somebody has it open a damaged one stays where it is, and who has it is said', async () => {
  const directory = await fill()
  const server = reopen(directory)
  await queue(server, 'd3')
  rmSync(file(directory))
  expect(() => reopen(directory)).toThrow(`is missing, and process ${process.pid} still has it open`)
  // It would go on where nobody looks.
  await expect(queue(server, 'd4')).rejects.toThrow('was removed or replaced while it was in use')
  await expect(server.deployments()).rejects.toThrow('was removed or replaced')
})

test('F30: a damaged row of what has ended is left out and told once; the rest is as it was', async () => {
  const directory = await fill()
  damage(file(directory), '"status":"failure"', '"status":"failurf"')
  const log = recordingLogger()
  const journal = reopen(directory, log)
  expect(journal.damage).toBeUndefined()
  for (let round = 0; round < 2; round++) {
    expect((await journal.deployments()).map(({ delivery }) => delivery)).toEqual(['d2'])
  }
  const told = log.lines.filter((line) => line.includes('is damaged'))
  expect(told).toEqual([expect.stringMatching(/The record of deployment .* is damaged; it is left out/)])
  expect((await journal.next(new Set()))?.deployment.delivery).toBe('d2')
})

test('F30: a damaged row of a delivery is left out, and a receipt of the same one puts it right', async () => {
  const directory = await fill()
  damage(file(directory), '"id":"d1"', '"id":"d9"')
  const journal = reopen(directory)
  expect((await journal.deliveries()).map(({ id }) => id)).toEqual(['d2'])
  expect(await journal.delivery('d1')).toBeUndefined()
  await queue(journal, 'd1')
  expect((await journal.deliveries()).map(({ id }) => id)).toEqual(['d2', 'd1'])
})

test('F30: a body that is not what was received any more is not given out', async () => {
  const directory = folders.make()
  const journal = reopen(directory)
  const body = new TextEncoder().encode('{"what":"was sent"}')
  const received = { headers: {}, body, signedBy: [] }
  await journal.accept({ id: 'd1', event: 'push', skipped: 'no', received })
  await journal.close()
  damage(file(directory), 'was sent', 'was sens')
  await expect(reopen(directory).delivery('d1')).rejects.toThrow('The record of delivery d1')
})

test('a write-ahead log that was cut off costs its end alone', async () => {
  const directory = folders.make()
  const journal = reopen(directory)
  for (let i = 0; i < 20; i++) await queue(journal, `d${i}`)
  // As a killed process leaves it: copied while it is open.
  const copy = folders.make()
  for (const name of ['journal.db', 'journal.db-wal', 'journal.made']) {
    copyFileSync(join(directory, name), join(copy, name))
  }
  const log = join(copy, 'journal.db-wal')
  truncateSync(log, Math.floor(statSync(log).size / 2))
  const again = reopen(copy)
  expect(again.damage).toBeUndefined()
  const found = (await again.deliveries()).map(({ id }) => id).toReversed()
  expect(found.length).toBeGreaterThan(2)
  expect(found).toEqual(Array.from(found, (_, index) => `d${index}`))
})
