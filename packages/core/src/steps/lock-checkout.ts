import type { App } from '../domain/app.ts'
import type { Clock } from '../executors/clock.ts'
import { fileLocks } from '../executors/file-locks.ts'
import type { Files } from '../executors/files.ts'
import type { Locks } from '../executors/locks.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { systemClock } from '../executors/system-clock.ts'
import { step, type Step } from '../step.ts'
import { holdLock } from './hold-lock.ts'

export interface LockCheckoutOptions {
  readonly locks?: Locks
  readonly files?: Files
  /** Wait for the lock, or fail with `locked`. Default: wait. */
  readonly wait?: boolean
  /** Who holds the lock, for others to read. */
  readonly who?: string
  /** What cannot be done without it, for the error. Default: `deploy`. */
  readonly purpose?: string
  readonly clock?: Clock
}

/** Keeps every other run, here or in another process, off the checkout until this run ends, whichever path it is called by. */
export function lockCheckout({
  locks = fileLocks(),
  files = nodeFiles(),
  wait = true,
  who = 'fairway',
  purpose = 'deploy',
  clock = systemClock(),
}: LockCheckoutOptions = {}): Step<{ app: App }> {
  return step('lockCheckout', async ({ app: { name, path } }, run) => {
    const describe = { app: name, what: `its checkout ${path}`, purpose }
    const lock = `checkout:${await files.realPath(path)}`
    await holdLock(locks, lock, { who: `${who}, ${name}`, wait, clock, describe }, run)
  })
}
