import type { DatabaseSync } from 'node:sqlite'
import { isBusy, isFull, isStorageFailure } from './storage-error.ts'

export interface GroupCommitOptions {
  readonly database: DatabaseSync
  /** Throws where nothing should be written now. */
  readonly assertUsable: () => void
  /** Called after something was stored. */
  readonly onStored: () => void
  /** Milliseconds to wait for another process that is writing. */
  readonly patience?: number
}

/** Writes that wait share one transaction, as the disk's answer is what they wait for. */
export interface GroupCommit {
  /**
   * Does some work in a transaction; resolves with what it gave when that is on disk. A failure undoes this work alone. Work may be
   * done again where a transaction has to be repeated.
   */
  write<T>(work: () => T): Promise<T>
}

interface Waiting {
  readonly work: () => unknown
  readonly since: number
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

export function groupCommit({
  database,
  assertUsable,
  onStored,
  patience = 10_000,
}: GroupCommitOptions): GroupCommit {
  const [begin, commit, savepoint, release] = ['BEGIN IMMEDIATE', 'COMMIT', 'SAVEPOINT one', 'RELEASE one'].map(
    (sql) => database.prepare(sql),
  ) as [Statement, Statement, Statement, Statement]
  let waiting: Waiting[] = []
  let isScheduled = false

  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    setImmediate(flush)
  }

  const flush = (): void => {
    isScheduled = false
    const group = waiting
    waiting = []
    try {
      const settle = store(group)
      settle.forEach((done) => done())
      onStored()
    } catch (error) {
      if (isBusy(error)) return postpone(group, error)
      for (const { reject } of group) reject(error)
    }
  }

  /** Stores all, or throws having stored nothing. Gives what to tell each of them. */
  const store = (group: readonly Waiting[], mayRepeat = true): readonly (() => void)[] => {
    try {
      assertUsable()
      begin.run()
      const settle = group.map((one) => attempt(one))
      commit.run()
      return settle
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      if (!isFull(error) || !mayRepeat) throw error
      // What lies in the write-ahead log twice or more needs its space but once in the file itself.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return store(group, false)
    }
  }

  const attempt = ({ work, resolve, reject }: Waiting): (() => void) => {
    savepoint.run()
    try {
      const value = work()
      release.run()
      return () => resolve(value)
    } catch (error) {
      // SQLite gives the whole transaction up for some errors; and what a full disk does to one, it does to all.
      if (isStorageFailure(error) || !database.isTransaction) throw error
      database.exec('ROLLBACK TO one; RELEASE one')
      return () => reject(error)
    }
  }

  /** Another process is writing: later again, without stopping everything else meanwhile. */
  const postpone = (group: readonly Waiting[], error: unknown): void => {
    const now = performance.now()
    for (const { since, reject } of group) if (now - since >= patience) reject(error)
    waiting = [...group.filter(({ since }) => now - since < patience), ...waiting]
    if (waiting.length === 0) return
    isScheduled = true
    setTimeout(flush, 10 + Math.random() * 30)
  }

  return {
    write<T>(work: () => T) {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const since = performance.now()
      waiting.push({ work, since, resolve: resolve as (value: unknown) => void, reject })
      schedule()
      return promise
    },
  }
}

type Statement = ReturnType<DatabaseSync['prepare']>
