import { setTimeout as delay } from 'node:timers/promises'
import { type Clock, systemClock } from '@fairway/core'

/** The machine's clock, for what a server does by itself: nothing that waits by it keeps the process alive. */
export function backgroundClock(): Clock {
  return {
    ...systemClock(),
    async sleep(ms, signal) {
      try {
        await delay(ms, undefined, { ref: false, ...(signal ? { signal } : {}) })
      } catch (error) {
        throw signal?.aborted ? signal.reason : error
      }
    },
  }
}
