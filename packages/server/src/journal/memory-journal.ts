import { type Clock, identify, systemClock } from '@fairway/core'
import { journalError } from './journal-error.ts'
import type { Journal } from './journal.ts'
import { memoryTables } from './memory-tables.ts'
import { overTables } from './over-tables.ts'
import type { Rules } from './rules/rules.ts'
import type { Tables } from './tables.ts'

export interface MemoryJournalOptions {
  readonly clock?: Clock
  readonly newId?: () => string
  /** How many ended deployments, and how many deliveries, are remembered. */
  readonly keep?: number
}

/** A journal that forgets everything when the process ends. */
export function memoryJournal({
  clock = systemClock(),
  newId = () => crypto.randomUUID(),
  keep = 1_000,
}: MemoryJournalOptions = {}): Journal {
  const tables = memoryTables()
  const rules: Rules = { tables, now: () => clock.now().toISOString(), newId, owner: identify(process.pid) }
  const read = async <T>(work: () => T): Promise<T> => work()
  const write = async <T>(work: () => T): Promise<T> => {
    const done = work()
    forget(tables, keep)
    return done
  }
  return {
    ...overTables({ rules, clock, write, read }),
    refused: () => undefined,
    changedByOthers: () => false,
    backup: (file) =>
      Promise.reject(
        journalError('journal_unavailable', `Cannot write ${file}: this journal lies in memory alone`),
      ),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

/** Drops the oldest; never what has not ended. */
function forget(tables: Tables, keep: number): void {
  const ended = tables
    .deployments({ limit: Infinity })
    .filter(({ deployment: { endedAt } }) => endedAt !== null)
  for (const { deployment } of ended.slice(keep)) tables.removeDeployment(deployment.id)
  for (const { id, deployments } of tables.deliveries({ limit: Infinity }).slice(keep)) {
    const isOpen = tables.deploymentsOf(deployments).some(({ deployment }) => deployment.endedAt === null)
    if (!isOpen) tables.removeDelivery(id)
  }
}
