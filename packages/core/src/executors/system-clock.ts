import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from './clock.ts'

/** The machine's own clock. */
export function systemClock(): Clock {
  return {
    now: () => new Date(),
    monotonic: () => performance.now(),
    async sleep(ms, signal) {
      try {
        await delay(ms, undefined, signal ? { signal } : {})
      } catch (error) {
        // Node rejects with an AbortError of its own; whoever aborted gave a better reason.
        throw signal?.aborted ? signal.reason : error
      }
    },
  }
}
