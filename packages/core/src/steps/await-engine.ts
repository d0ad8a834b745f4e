import { isEngineOutage } from '../decisions/is-engine-outage.ts'
import { DeployError, describeError, isDeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Engine } from '../executors/engine.ts'
import { retryDelay } from '../retry.ts'
import type { Run } from '../run.ts'

export interface AwaitEngineOptions {
  /** Asked whether it was an outage where a command of Docker's failed or took too long. */
  readonly engine?: Engine | undefined
  readonly clock: Clock
  readonly random: () => number
  /** Milliseconds that one outage may last; 0: it fails at once. */
  readonly patience: number
  readonly run: Run
  /** Told when the engine answers again, with the milliseconds since it was first asked in vain. */
  readonly back?: (away: number) => void
}

/** The longest pause between two attempts, in milliseconds: an engine that is back should not be waited for. */
const longestPause = 15_000

/** Does what needs the engine, and again where the engine doesn't answer, until that has lasted for `patience`. */
export function awaitEngine(options: AwaitEngineOptions): <T>(task: () => Promise<T>) => Promise<T> {
  const { clock, random, patience, run, back } = options
  return async (task) => {
    const asked = clock.monotonic()
    for (let attempt = 1, since: number | undefined; ; attempt += 1) {
      try {
        const result = await task()
        if (since !== undefined) back?.(clock.monotonic() - asked)
        return result
      } catch (error) {
        const outage = await outageBehind(error, options)
        if (outage === undefined) throw error
        since ??= clock.monotonic()
        const pause = Math.min(retryDelay(attempt, random), longestPause)
        if (clock.monotonic() + pause - since > patience) throw outage
        const what = isDeployError(outage) ? outage.message : describeError(outage)
        run.log.warn(
          `${what}; trying again in ${Math.round(pause / 1_000)} s, for ${inWords(patience)} at most`,
        )
        await clock.sleep(pause, run.signal)
      }
    }
  }
}

/** The outage that an error tells, or that caused it; undefined where it was something else. */
async function outageBehind(error: unknown, { engine, run }: AwaitEngineOptions): Promise<unknown> {
  if (isEngineOutage(error)) return error
  const isCommand = isDeployError(error, 'timeout') || isDeployError(error, 'compose_failed')
  if (!engine || !isCommand || run.signal.aborted) return undefined
  try {
    await engine.version(run)
    return undefined
  } catch (silence) {
    if (!isDeployError(silence) || !isEngineOutage(silence)) return undefined
    return new DeployError('docker_unavailable', `${error.message}; ${silence.message}`, {
      output: error.output,
      cause: error,
      ...(silence.hint === undefined ? {} : { hint: silence.hint }),
    })
  }
}

function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
