import type { MaybePromise, Run } from './run.ts'

export type { MaybePromise } from './run.ts'
/**
 * Keeps arrays out of what a step adds: spreading one into a context is never meant. And promises, as otherwise the promise
 * of an array, or of a plain value, would itself pass for an object that is added.
 */
export type NotArray = { readonly [Symbol.iterator]?: never; readonly then?: never }

/** One unit of work: needs what earlier steps added, returns what it adds. */
export interface Step<Needs extends object, Adds extends (object & NotArray) | void = void> {
  readonly name: string
  readonly run: (ctx: Needs, run: Run) => MaybePromise<Adds | Skip>
}

/** Names a function as a step, so that it can be shared between pipelines. */
export function step<Needs extends object, Adds extends (object & NotArray) | void = void>(
  name: string,
  run: Step<Needs, Adds>['run'],
): Step<Needs, Adds> {
  return { name, run }
}

const skipped = Symbol.for('fairway.skip')

/** What a step returns when there is nothing to do: ends the pipeline as `skipped`. */
export interface Skip {
  readonly [skipped]: true
  readonly reason: string
  /** The commit that was looked at and found not worth a deployment. */
  readonly commit?: string
}

/** Ends the pipeline as `skipped`, with a reason for the log and the record. It must be returned. */
export function skip(reason: string, { commit }: Pick<Skip, 'commit'> = {}): Skip {
  return { [skipped]: true, reason, ...(commit === undefined ? {} : { commit }) }
}

/** Tells whether a step's result is a skip. */
export function isSkip(value: unknown): value is Skip {
  return typeof value === 'object' && value !== null && skipped in value
}
