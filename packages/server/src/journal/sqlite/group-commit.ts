import type { DatabaseSync } from 'node:sqlite'
import { isBusy, isFull, isStorageFailure } from './storage-error.ts'
import type { Kept } from './write-once.ts'

export interface GroupCommitOptions {
  readonly database: DatabaseSync
  /** Throws where nothing should be written now. */
  readonly assertUsable: () => void
  /** Called after something was stored. */
  readonly onStored: () => void
  /** What work leaves to be written before the commit; default: nothing. */
  readonly kept?: Kept
  /** Milliseconds to wait for another process that is writing. */
  readonly patience?: number
}

/** Writes that wait share one transaction, as the disk's answer is what they wait for. */
export interface GroupCommit {
  /**
   * Does some work in a transaction; resolves with what it gave when that is on disk. A failure undoes this work alone. Work may be
   * done again where a transaction has to be repeated.
   */
  readonly write: <T>(work: () => T, options?: WriteOptions) => Promise<T>
}

export interface WriteOptions {
  /**
   * Whether it must outlast a power cut. What needn't still outlasts the end of this process, costs no answer of the disk, and is there
   * whenever something later is. Default: it must.
   */
  readonly lasting?: boolean
}

interface Waiting {
  readonly lasting: boolean
  readonly work: () => unknown
  readonly since: number
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** Writes that share a commit so that one more hardly makes it cheaper; what comes meanwhile is for the next. */
const enough = 16

export function groupCommit({
  database,
  assertUsable,
  onStored,
  kept = nothing,
  patience = 10_000,
}: GroupCommitOptions): GroupCommit {
  const [begin, commit, savepoint, release] = [
    'BEGIN IMMEDIATE',
    'COMMIT',
    'SAVEPOINT one',
    'RELEASE one',
  ].map((sql) => database.prepare(sql)) as [Statement, Statement, Statement, Statement]
  let waiting: Waiting[] = []
  let isScheduled = false

  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    setImmediate(gather, 0)
  }

  /** A commit costs more than a turn of the event loop: where few share it, it waits for as long as each turn brings more. */
  const gather = (known: number): void => {
    if (waiting.length === known || waiting.length >= enough) flush()
    else setImmediate(gather, waiting.length)
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
  const store = (group: readonly Waiting[]): readonly (() => void)[] => {
    try {
      // Most never fail; what lets one of them fail alone costs as much as a third of the work.
      return together(group, (one) => one.work())
    } catch (error) {
      if (isBusy(error)) throw error
      // What lies in the write-ahead log twice or more needs its space but once in the file itself.
      if (isFull(error)) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      else if (isStorageFailure(error)) throw error
      return together(group, alone)
    }
  }

  const together = (group: readonly Waiting[], work: (one: Waiting) => unknown): readonly (() => void)[] => {
    assertUsable()
    const isHasty = !group.some(({ lasting }) => lasting)
    if (isHasty) database.exec('PRAGMA synchronous = NORMAL')
    try {
      return inTransaction(group, work)
    } finally {
      if (isHasty) database.exec('PRAGMA synchronous = FULL')
    }
  }

  const inTransaction = (
    group: readonly Waiting[],
    work: (one: Waiting) => unknown,
  ): readonly (() => void)[] => {
    begin.run()
    kept.begin()
    try {
      const settle = group.map((one) => {
        const value = work(one)
        return value instanceof Failure ? () => one.reject(value.reason) : () => one.resolve(value)
      })
      kept.flush()
      commit.run()
      return settle
    } finally {
      kept.end()
      if (database.isTransaction) database.exec('ROLLBACK')
    }
  }

  /** Undoes it when it fails, and nothing else. */
  const alone = ({ work }: Waiting): unknown => {
    savepoint.run()
    try {
      const value = work()
      kept.flush()
      release.run()
      return value
    } catch (error) {
      // SQLite gives the whole transaction up for some errors; and what a full disk does to one, it does to all.
      if (isStorageFailure(error) || !database.isTransaction) throw error
      database.exec('ROLLBACK TO one; RELEASE one')
      kept.begin()
      return new Failure(error)
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
    write<T>(work: () => T, { lasting = true }: WriteOptions = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const since = performance.now()
      waiting.push({ lasting, work, since, resolve: resolve as (value: unknown) => void, reject })
      schedule()
      return promise
    },
  }
}

class Failure {
  readonly reason: unknown

  constructor(reason: unknown) {
    this.reason = reason
  }
}

const ignore = (): void => {}
const nothing: Kept = { begin: ignore, flush: ignore, end: ignore }

type Statement = ReturnType<DatabaseSync['prepare']>
