import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeClock, fakeClock } from '@fairway/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { memoryTables } from '../../../src/journal/memory-tables.ts'
import { overTables } from '../../../src/journal/over-tables.ts'
import { connect } from '../../../src/journal/sqlite/connect.ts'
import { sqliteJournal } from '../../../src/journal/sqlite-journal.ts'
import { type Operation, operation, processes } from './operations.ts'
import { expectSame, type Subject } from './play.ts'

const histories = Number(process.env['FAIRWAY_HISTORIES'] ?? 1_000)
const seed = Number(process.env['FAIRWAY_SEED'] ?? 20_260_131)

// In memory: what a disk promises, other tests look at.
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
let directory: string
beforeAll(() => (directory = mkdtempSync(join(memory, 'fairway-histories-'))))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Three processes with one journal in memory. */
function inMemory(clock: FakeClock): Subject {
  const tables = memoryTables()
  const newId = numbered()
  const now = () => clock.now().toISOString()
  const direct = async <T>(work: () => T): Promise<T> => work()
  const journals = processes.map((owner) =>
    overTables({ rules: { tables, now, newId, owner }, clock, write: direct, read: direct }),
  )
  return { clock, by: (index) => journals[index] as (typeof journals)[number], reopen: async () => {} }
}

/** Three processes with one journal in a file, each with its own handle; emptied for each history. */
function inFile(): { begin(clock: FakeClock): Promise<Subject>; close(): Promise<void> } {
  let clock = fakeClock()
  let newId = numbered()
  const open = (index: number) =>
    sqliteJournal({
      directory,
      clock: { now: () => clock.now(), monotonic: () => clock.monotonic(), sleep: (ms) => clock.sleep(ms) },
      newId: () => newId(),
      ...(processes[index] ? { owner: processes[index] } : {}),
    })
  const journals: Journal[] = processes.map((_, index) => open(index))
  const wiping = connect(join(directory, 'journal.db'))
  return {
    async begin(given) {
      wiping.exec('DELETE FROM deliveries; DELETE FROM deployments; DELETE FROM ended_commits')
      clock = given
      newId = numbered()
      return {
        clock,
        by: (index) => journals[index] as Journal,
        async reopen(index) {
          await journals[index]?.close()
          journals[index] = open(index)
        },
      }
    },
    async close() {
      wiping.close()
      for (const journal of journals) await journal.close()
    },
  }
}

function numbered(): () => string {
  let count = 0
  return () => `deployment-${String(++count).padStart(3, '0')}`
}

test(
  `${histories} random histories: both journals answer as the model does, and all that was promised has one end`,
  { timeout: 60_000 + histories * 60 },
  async () => {
    const file = inFile()
    try {
      const property = fc.asyncProperty(
        fc.array(operation, { minLength: 5, maxLength: 60 }),
        async (operations: readonly Operation[]) => {
          await expectSame(inMemory(fakeClock()), operations)
          await expectSame(await file.begin(fakeClock()), operations)
        },
      )
      await fc.assert(property, { numRuns: histories, seed })
    } finally {
      await file.close()
    }
  },
)
