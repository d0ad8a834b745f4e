import { networkOf } from './network-of.ts'

export interface FailureLimitOptions {
  /** Failures of one network within `window` that are answered as such; further ones are told to wait. */
  readonly most?: number
  /** Milliseconds. */
  readonly window?: number
  /** Networks that are remembered at most. */
  readonly networks?: number
  /** Milliseconds on a clock that never runs backwards. */
  readonly now?: () => number
}

/** Counts failed signatures by address. Only failures are counted: a correctly signed delivery never waits. */
export interface FailureLimit {
  /** Counts one more, and gives the seconds to wait where there were too many. */
  failed(address: string): number | undefined
  /** Whether there were too many already. */
  limited(address: string): boolean
}

export function failureLimit({
  most = 20,
  window = 60_000,
  networks = 10_000,
  now = () => performance.now(),
}: FailureLimitOptions = {}): FailureLimit {
  const counted = new Map<string, { readonly since: number; failures: number }>()
  const current = (network: string): { readonly since: number; failures: number } | undefined => {
    const entry = counted.get(network)
    return entry && now() - entry.since < window ? entry : undefined
  }
  return {
    failed(address) {
      const network = networkOf(address)
      const entry = current(network) ?? { since: now(), failures: 0 }
      entry.failures += 1
      // Put last, so that the one forgotten below is the one not heard of for longest.
      counted.delete(network)
      counted.set(network, entry)
      const oldest = counted.size > networks ? counted.keys().next().value : undefined
      if (oldest !== undefined) counted.delete(oldest)
      return entry.failures > most ? Math.ceil((entry.since + window - now()) / 1000) : undefined
    },
    limited: (address) => (current(networkOf(address))?.failures ?? 0) > most,
  }
}
