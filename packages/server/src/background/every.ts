import type { Clock } from '@fairway/core'

export interface EveryOptions {
  /** Milliseconds between the end of one turn and the next, asked each time. */
  readonly pause: () => number
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** Something that is done again and again. */
export interface Repeated {
  /** Has the next turn now instead of after the pause. */
  again(): void
  /** No further turn; resolves when the one at work, which is told, has ended. */
  stop(): Promise<void>
}

/** Does something now, and again after each pause; one turn at a time, and one that fails doesn't end it. */
export function every(
  { pause, clock, onError }: EveryOptions,
  turn: (signal: AbortSignal) => Promise<void> | void,
): Repeated {
  const stopped = new AbortController()
  let nap = new AbortController()

  const work = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      nap = new AbortController()
      try {
        await turn(stopped.signal)
      } catch (error) {
        if (!stopped.signal.aborted) onError(error)
      }
      await rest()
    }
  }

  const rest = async (): Promise<void> => {
    if (stopped.signal.aborted) return
    try {
      await clock.sleep(pause(), nap.signal)
    } catch (error) {
      if (!nap.signal.aborted) onError(error)
    }
  }

  const working = work()
  return {
    again: () => nap.abort(),
    async stop() {
      stopped.abort()
      nap.abort()
      await working
    },
  }
}
