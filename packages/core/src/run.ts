export type MaybePromise<T> = T | Promise<T>

/** Where a run writes its messages; any logger with these four methods fits. */
export interface Logger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

export type Status = 'success' | 'skipped' | 'failure' | 'cancelled'

/** What one run gives to every step, next to the executors a step was made with. */
export interface Run {
  readonly log: Logger
  readonly signal: AbortSignal
  /** A line of a command's output, for the log and whoever watches live. */
  readonly output: (line: string) => void
  /** Runs when the pipeline ends, newest first, whatever the outcome, which it is told. */
  readonly defer: (cleanup: (outcome: Status) => MaybePromise<void>) => void
  /** The process groups that executors have running for this run; locks write them down. */
  readonly children?: Children
  /** What executors found out and needn't ask again, from questions to answers; default: everything is asked each time. */
  readonly memory?: Map<string, unknown>
}

/** Keeps count of the process groups that work for one run. */
export interface Children {
  started(group: number): void
  ended(group: number): void
  /** Calls the listener now and at each change, until the returned function is called. */
  watch(listener: (groups: readonly number[]) => void): () => void
}

/** What an executor needs of a run to start a command: cancellation, live output, bookkeeping. */
export type Call = Partial<Pick<Run, 'signal' | 'output' | 'children' | 'memory'>>

export function trackChildren(): Children {
  const groups = new Set<number>()
  const listeners = new Set<(groups: readonly number[]) => void>()
  const tell = (): void => {
    for (const listener of listeners) listener([...groups])
  }
  return {
    started(group) {
      groups.add(group)
      tell()
    },
    ended(group) {
      groups.delete(group)
      tell()
    },
    watch(listener) {
      listeners.add(listener)
      listener([...groups])
      return () => void listeners.delete(listener)
    },
  }
}
