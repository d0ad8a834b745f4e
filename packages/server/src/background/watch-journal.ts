import { describeError, type Clock, type Logger } from '@fairway/core'
import type { Journal } from '../journal/journal.ts'
import type { Worker } from '../worker.ts'
import { every, type Repeated } from './every.ts'

export interface WatchJournalOptions {
  readonly journal: Pick<Journal, 'changedByOthers' | 'cancellations' | 'watch'>
  readonly worker: Pick<Worker, 'wake' | 'cancel'>
  readonly clock: Clock
  readonly log: Logger
}

/** Milliseconds between two looks. */
const pause = 250

/** Notices what other processes write into the journal, such as `fairway deploy`: work, and what they want to end. */
export function watchJournal({ journal, worker, clock, log }: WatchJournalOptions): Repeated {
  let failed = false
  const onError = (error: unknown): void => {
    if (!failed) log.error(`Cannot look into the journal: ${describeError(error)}`)
    failed = true
  }
  const repeated = every({ pause: () => pause, clock, onError }, async () => {
    // After a failed look nobody knows what it would have shown.
    if (!journal.changedByOthers() && !failed) return
    const cancellations = await journal.cancellations()
    failed = false
    for (const [id, reason] of cancellations) worker.cancel(id, reason)
    worker.wake()
  })
  const unwatch = journal.watch?.(() => repeated.again())
  return {
    ...repeated,
    stop() {
      unwatch?.()
      return repeated.stop()
    },
  }
}
