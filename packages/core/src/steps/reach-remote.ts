import { describeError, isDeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Checkout } from '../executors/git.ts'
import { retry } from '../retry.ts'
import type { Run } from '../run.ts'

export interface ReachRemoteOptions {
  readonly checkout: Checkout
  readonly clock: Clock
  readonly random: () => number
  readonly run: Run
}

/** Asks the remote, and again where it can't be reached: the checkout's timeout is for everything that is asked so. */
export function reachRemote({ checkout, clock, random, run }: ReachRemoteOptions): Ask {
  const deadline = clock.monotonic() + checkout.timeout
  return (ask) =>
    retry((left) => ask({ ...checkout, timeout: left }), {
      clock,
      random,
      deadline,
      signal: run.signal,
      isTransient: (error) => isDeployError(error, 'remote_unreachable'),
      again(error, { delay, attempt, attempts }) {
        const what = isDeployError(error) ? error.message : describeError(error)
        const when = `trying again in ${(delay / 1_000).toFixed(1)} s (attempt ${attempt} of ${attempts})`
        run.log.warn(`${what}; ${when}`)
      },
    })
}

/** Asks the remote something, as often as needed. */
export type Ask = <T>(ask: (checkout: Checkout) => Promise<T>) => Promise<T>
