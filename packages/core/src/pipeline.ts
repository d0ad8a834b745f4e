import { inspect } from 'node:util'
import { DeployError } from './errors.ts'
import { systemClock } from './executors/system-clock.ts'
import type { Clock } from './executors/clock.ts'
import { type Logger, type Run, type Status, trackChildren } from './run.ts'
import { isSkip, type MaybePromise, type NotArray, type Skip, type Step } from './step.ts'

type Flat<T> = { [K in keyof T]: T[K] } & {}
/** Later values replace earlier ones of the same name; a step that may add nothing adds optional keys, a skip none. */
export type With<Ctx extends object, Adds> = Merged<Ctx, Exclude<Adds, Skip>>
type Merged<Ctx extends object, Adds> = [Extract<Adds, object>] extends [never]
  ? Ctx
  : [Adds] extends [object]
    ? Flat<Omit<Ctx, keyof Adds> & Adds>
    : Flat<Omit<Ctx, keyof Extract<Adds, object>> & Partial<Extract<Adds, object>>>

/** How a run ended. `ctx` holds what the steps up to there added. */
export type Outcome<Ctx extends object> =
  | { readonly status: 'success'; readonly ctx: Ctx }
  | {
      readonly status: 'skipped'
      readonly step: string
      readonly reason: string
      /** The commit that the step looked at, where it did. */
      readonly commit?: string
      readonly ctx: Partial<Ctx>
    }
  | {
      readonly status: 'failure' | 'cancelled'
      readonly step: string
      readonly error: unknown
      readonly ctx: Partial<Ctx>
    }

/** What an observer of a run is told; durations in milliseconds. */
export type RunEvent =
  | { readonly type: 'step-started'; readonly step: string }
  | {
      readonly type: 'step-ended'
      readonly step: string
      readonly status: Status
      readonly durationMs: number
    }
  | { readonly type: 'output'; readonly step: string; readonly line: string }

export interface RunOptions {
  /** Default: silent. */
  readonly log?: Logger
  /** Aborting it cancels the run: the step at work is told, later ones don't start. */
  readonly signal?: AbortSignal
  readonly clock?: Clock
  readonly observe?: (event: RunEvent) => void
}

/** What is done when a step fails; gives the error to tell instead. */
export type Rescue<Ctx extends object> = (failed: Failed<Ctx>, run: Run) => MaybePromise<unknown>

/** A failure, as a rescue sees it. */
export interface Failed<Ctx extends object> {
  readonly step: string
  readonly error: unknown
  /** What the steps before it added. */
  readonly ctx: Partial<Ctx>
}

/** A typed list of steps; each `use` returns a new pipeline, so that one can be shared and extended. */
export interface Pipeline<In extends object, Ctx extends object> {
  readonly steps: readonly string[]
  use<Adds extends (object & NotArray) | void>(step: Step<Ctx, Adds>): Pipeline<In, With<Ctx, Adds>>
  use<Adds extends (object & NotArray) | void>(
    name: string,
    run: Step<Ctx, Adds>['run'],
  ): Pipeline<In, With<Ctx, Adds>>
  /**
   * Adds what is done when a step fails, before the cleanups: what the steps took is still held then. What it returns is the error of
   * the outcome from then on, and so is what it throws where that has the failure as its `cause`; any other failure of its own, nothing,
   * or a `skip`, leaves the one there was. Not for runs that are cancelled or skipped; one that is cancelled meanwhile ends so.
   */
  rescue(name: string, run: Rescue<Ctx>): Pipeline<In, Ctx>
  /** Runs the steps in order; never rejects. */
  run(input: In, options?: RunOptions): Promise<Outcome<Ctx>>
}

// The compiler checks each step where it is added; the list itself can't carry a type per element.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyStep = Step<any, any>
type Cleanup = (outcome: Status) => MaybePromise<void>

/** Starts a pipeline whose input is `In`: `pipeline<{ push: Push; app: App }>().use(...)`. */
export function pipeline<In extends object>(): Pipeline<In, In> {
  return build<In, In>([], [])
}

interface NamedRescue {
  readonly name: string
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly run: Rescue<any>
}

function build<In extends object, Ctx extends object>(
  steps: readonly AnyStep[],
  rescues: readonly NamedRescue[],
): Pipeline<In, Ctx> {
  return {
    steps: steps.map(({ name }) => name),
    use(step: AnyStep | string, run?: AnyStep['run']) {
      const added = typeof step === 'string' ? { name: step, run: run as AnyStep['run'] } : step
      return build([...steps, added], rescues)
    },
    rescue: (name, run) => build(steps, [...rescues, { name, run }]),
    run: (input, options = {}) => runSteps<Ctx>(steps, rescues, input, options),
  }
}

async function runSteps<Ctx extends object>(
  steps: readonly AnyStep[],
  rescues: readonly NamedRescue[],
  input: object,
  {
    log = silent,
    signal = new AbortController().signal,
    clock = systemClock(),
    observe = ignore,
  }: RunOptions,
): Promise<Outcome<Ctx>> {
  const cleanups: Cleanup[] = []
  const children = trackChildren()
  const memory = new Map<string, unknown>()
  let ctx: Partial<Ctx> = { ...input }
  let outcome: Outcome<Ctx> | undefined

  const tell = (event: RunEvent): void => {
    try {
      observe(event)
    } catch (error) {
      complain(log, 'An observer of this run failed', error)
    }
  }
  /** Does one named piece of the run, and tells when it begins and how it ended. */
  const perform = async (name: string, work: (run: Run) => Promise<Status>): Promise<void> => {
    const started = clock.monotonic()
    tell({ type: 'step-started', step: name })
    const output = (line: string): void => tell({ type: 'output', step: name, line })
    const status = await work({
      log,
      signal,
      output,
      children,
      memory,
      defer: (cleanup) => void cleanups.push(cleanup),
    })
    tell({ type: 'step-ended', step: name, status, durationMs: clock.monotonic() - started })
  }

  for (const { name, run } of steps) {
    await perform(name, async (given) => {
      try {
        if (signal.aborted) throw cancellation(signal)
        const result: unknown = await run(ctx, given)
        if (isSkip(result)) {
          const { reason, commit } = result
          outcome = {
            status: 'skipped',
            step: name,
            reason,
            ...(commit === undefined ? {} : { commit }),
            ctx,
          }
        } else ctx = { ...ctx, ...(result as Partial<Ctx> | undefined) }
      } catch (error) {
        outcome = { status: signal.aborted ? 'cancelled' : 'failure', step: name, error, ctx }
      }
      return outcome?.status ?? 'success'
    })
    if (outcome) break
  }

  for (const { name, run } of rescues) {
    if (outcome?.status !== 'failure') break
    const failed = outcome
    await perform(name, async (given) => {
      try {
        const told: unknown = await run(failed, given)
        if (isSkip(told)) return 'skipped'
        outcome = { ...failed, error: told ?? failed.error }
        return 'success'
      } catch (error) {
        const tellsBoth = error instanceof Error && error.cause === failed.error
        if (tellsBoth) outcome = { ...failed, error }
        // What it was to mend is what has to be told.
        else complain(log, `${name} failed`, error)
        if (!signal.aborted) return 'failure'
        outcome = { ...failed, status: 'cancelled', step: name }
        return 'cancelled'
      }
    })
  }

  outcome ??= { status: 'success', ctx: ctx as Ctx }
  // One at a time from the end, as a cleanup may defer another one.
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) {
    try {
      await cleanup(outcome.status)
    } catch (error) {
      // A cleanup that throws must not replace the outcome.
      complain(log, 'A cleanup after this run failed', error)
    }
  }
  return outcome
}

/** Tells the log. A log that fails has nobody left to tell, and must not keep the cleanups from running. */
function complain(log: Logger, what: string, error: unknown): void {
  try {
    log.error(`${what}: ${error instanceof Error ? error.message : inspect(error)}`)
  } catch {}
}

function cancellation(signal: AbortSignal): unknown {
  return signal.reason instanceof Error ? signal.reason : new DeployError('cancelled', String(signal.reason))
}

const ignore = (): void => {}
const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
