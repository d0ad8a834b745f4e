import type { Clock } from '@fairway/core'
import type { Rollout } from './watch-rollout.ts'

/** When a deployment may be broken off because its server stops. */
export interface StopInTime extends Rollout {
  /** The server stops: breaks it off, now or as soon as that does no harm. */
  stop(): void
}

/** Milliseconds for what comes after the containers were replaced: to see them healthy and to record it. */
const rest = 10_000

/**
 * Replacing containers is let finish, within Compose's own timeout; what comes after it gets some seconds, as the whole
 * deployment is done then. Everything else is broken off at once: the next start does it again.
 */
export function stopInTime(clock: Clock, breakOff: () => void): StopInTime {
  let phase: 'before' | 'replacing' | 'after' = 'before'
  let stopping = false

  const breakOffSoon = async (): Promise<void> => {
    await clock.sleep(rest)
    // It may have begun once more, after the engine had been away.
    if (phase !== 'replacing') breakOff()
  }

  return {
    began: () => void (phase = 'replacing'),
    ended() {
      phase = 'after'
      if (stopping) void breakOffSoon()
    },
    stop() {
      if (stopping) return
      stopping = true
      if (phase === 'before') breakOff()
      if (phase === 'after') void breakOffSoon()
    },
  }
}
