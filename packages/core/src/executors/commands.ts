import type { Call } from '../run.ts'

/** A command of the operator's, to be run without a shell. */
export interface HookCommand {
  /** What messages call it, such as `hooks.beforeUp[0] (./check)`; its arguments may hold what must not be shown. */
  readonly called: string
  /** A name is looked up in PATH; anything else is an absolute path. */
  readonly program: string
  readonly args: readonly string[]
  readonly directory: string
  /** Beside the allow-listed part of this process's own environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Milliseconds until it is ended, with all that it started. */
  readonly timeout: number
}

/** Runs commands on this machine. */
export interface Commands {
  /** Runs one to its end, its lines going to the run's output; rejects with `hook_failed`, or `timeout`, unless it ends with 0. */
  run(command: HookCommand, call?: Call): Promise<void>
}
