/** Time, so that tests can make it pass. */
export interface Clock {
  /** Wall-clock time, for records. */
  now(): Date
  /** Milliseconds that never run backwards, for durations and deadlines. */
  monotonic(): number
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
