import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../executors/clock.ts'

/** A clock whose time passes only when told, and when somebody sleeps. */
export interface FakeClock extends Clock {
  /** Lets `ms` milliseconds pass. */
  advance(ms: number): void
}

/** Starts at a fixed moment. A sleep lets its time pass at once, then lets everything else that waits go on. */
export function fakeClock(start = '2026-01-31T12:00:00.000Z'): FakeClock {
  const origin = new Date(start).getTime()
  let passed = 0
  return {
    now: () => new Date(origin + passed),
    monotonic: () => passed,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      passed += ms
      // A whole turn of the event loop: a loop of nothing but microtasks would never let a test time out.
      await nextTurn()
      signal?.throwIfAborted()
    },
    advance(ms) {
      passed += ms
    },
  }
}
