import type { Clock } from '@fairway/core'

export interface UntilStoredOptions {
  readonly clock: Clock
  /** When it aborts, one more try is the last. */
  readonly giveUp: AbortSignal
  /** Milliseconds after which no more tries are made. Default: never. */
  readonly within?: number
  /** Told of the first failure. */
  readonly onFailure: (error: unknown) => void
}

/** Milliseconds between two tries at most. */
const longestPause = 10_000

/**
 * Stores something and tries again for as long as that fails: a disk that is full has space again some time, and until then
 * a deployment must not count as ended. Rejects only where it was given up.
 */
export async function untilStored<T>(
  store: () => Promise<T>,
  { clock, giveUp, within = Infinity, onFailure }: UntilStoredOptions,
): Promise<T> {
  const end = clock.monotonic() + within
  for (let tries = 0; ; tries += 1) {
    try {
      return await store()
    } catch (error) {
      if (giveUp.aborted || clock.monotonic() >= end) throw error
      if (tries === 0) onFailure(error)
      const left = end - clock.monotonic()
      await pause(Math.min(250 * 2 ** tries, longestPause, left), clock, giveUp)
    }
  }
}

async function pause(ms: number, clock: Clock, giveUp: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, giveUp)
  } catch (error) {
    if (!giveUp.aborted) throw error
  }
}
