import type { Clock } from '@fairway/core'

/** A clock whose sleeps end only when a test lets the time pass. */
export interface ManualClock extends Clock {
  advance(ms: number): void
}

export function manualClock(start = '2026-01-31T12:00:00.000Z'): ManualClock {
  const origin = new Date(start).getTime()
  const sleepers = new Set<() => void>()
  let passed = 0
  return {
    now: () => new Date(origin + passed),
    monotonic: () => passed,
    sleep(ms, signal) {
      const until = passed + ms
      return new Promise((resolve, reject) => {
        const wake = (): void => {
          if (passed >= until) end(resolve)
        }
        const abort = (): void => end(() => reject(signal?.reason as Error))
        const end = (settle: () => void): void => {
          sleepers.delete(wake)
          signal?.removeEventListener('abort', abort)
          settle()
        }
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort)
        sleepers.add(wake)
      })
    },
    advance(ms) {
      passed += ms
      for (const wake of sleepers) wake()
    },
  }
}
