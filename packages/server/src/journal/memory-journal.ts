import { type Clock, identify, type ProcessId, systemClock } from '@fairway/core'
import { journalError } from './journal-error.ts'
import type { Journal } from './journal.ts'
import { memoryTables } from './memory-tables.ts'
import { overTables } from './over-tables.ts'
import type { Rules } from './rules/rules.ts'
import type { Tables } from './tables.ts'

export interface MemoryJournalOptions {
  readonly clock?: Clock
  readonly newId?: () => string
  /** Whose deployments it hands out; default: this process. */
  readonly owner?: ProcessId
  /** How many ended deployments, and how many deliveries, are remembered. */
  readonly keep?: number
}

/** A journal that forgets everything when the process ends. */
export function memoryJournal({
  clock = systemClock(),
  newId = () => crypto.randomUUID(),
  owner = identify(process.pid),
  keep = 1_000,
}: MemoryJournalOptions = {}): Journal {
  const tables = memoryTables()
  const rules: Rules = { tables, now: () => clock.now().toISOString(), newId, owner }
  const attempt = async <T>(work: () => T): Promise<T> => work()
  const journal = overTables({ rules, clock, write: attempt, read: attempt })
  return {
    ...journal,
    async accept(delivery) {
      const acceptance = await journal.accept(delivery)
      forget(tables, keep)
      return acceptance
    },
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
  for (const { id } of tables.deliveries({ limit: Infinity }).slice(keep)) {
    const isOpen = tables.ofDelivery(id).some(({ deployment }) => deployment.endedAt === null)
    if (!isOpen) tables.removeDelivery(id)
  }
}
