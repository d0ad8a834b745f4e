export interface FailureLimitOptions {
  /** Failures of one address within `window` that are answered as such; further ones are told to wait. */
  readonly most?: number
  /** Milliseconds. */
  readonly window?: number
  /** Addresses that are remembered at most. */
  readonly addresses?: number
  /** Milliseconds on a clock that never runs backwards. */
  readonly now?: () => number
}

/** Counts failed signatures by address. Only failures are counted: a correctly signed delivery never waits. */
export interface FailureLimit {
  /** Counts one more, and gives the seconds to wait where there were too many. */
  failed(address: string): number | undefined
}

export function failureLimit({
  most = 20,
  window = 60_000,
  addresses = 10_000,
  now = () => performance.now(),
}: FailureLimitOptions = {}): FailureLimit {
  const counted = new Map<string, { readonly since: number; failures: number }>()
  return {
    failed(address) {
      const time = now()
      const before = counted.get(address)
      const entry = before && time - before.since < window ? before : { since: time, failures: 0 }
      entry.failures += 1
      // Put last, so that the one forgotten below is the one not heard of for longest.
      counted.delete(address)
      counted.set(address, entry)
      const oldest = counted.size > addresses ? counted.keys().next().value : undefined
      if (oldest !== undefined) counted.delete(oldest)
      return entry.failures > most ? Math.ceil((entry.since + window - time) / 1000) : undefined
    },
  }
}
