import type { Clock } from './executors/clock.ts'

export interface RetryOptions {
  readonly clock: Clock
  /** From 0 up to 1; makes those that failed together come back apart. */
  readonly random?: () => number
  readonly attempts?: number
  /** Milliseconds for all attempts and the waits between them, on the clock's monotonic time. */
  readonly deadline: number
  readonly signal: AbortSignal
  readonly isTransient: (error: unknown) => boolean
  /** Told before each wait. */
  readonly again: (error: unknown, next: Next) => void
}

/** The attempt that comes after the wait. */
interface Next {
  readonly delay: number
  readonly attempt: number
  readonly attempts: number
}

/** Tries again what failed for a while, with growing waits, and never beyond the deadline; a task is told the milliseconds left. */
export async function retry<T>(
  task: (left: number) => Promise<T>,
  { clock, random = Math.random, attempts = 4, deadline, signal, isTransient, again }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task(Math.max(deadline - clock.monotonic(), 1))
    } catch (error) {
      const delay = retryDelay(attempt, random)
      const isLate = clock.monotonic() + delay >= deadline
      if (attempt >= attempts || isLate || !isTransient(error)) throw error
      again(error, { delay, attempt: attempt + 1, attempts })
      await clock.sleep(delay, signal)
    }
  }
}

/** Milliseconds to wait after an attempt: about 2 s, 4 s, 8 s, each a quarter less or more. */
export function retryDelay(attempt: number, random: () => number): number {
  return Math.round(2 ** attempt * 1_000 * (0.75 + random() / 2))
}
