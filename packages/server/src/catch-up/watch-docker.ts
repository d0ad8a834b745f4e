import { type Clock, describeError, type Engine, type Logger } from '@fairway/core'

export interface WatchDockerOptions {
  readonly engine: Pick<Engine, 'version'>
  readonly clock: Clock
  readonly log: Logger
  /** Called each time that it answers again after it didn't. */
  readonly onReturn: () => void
  readonly signal: AbortSignal
}

/** Milliseconds between two questions while it is away. */
const pause = 5_000

export interface DockerWatch {
  /** It may be away: asks it, and where it is, until it answers again. */
  doubt(): void
  /** Whether it is, as far as is known. */
  isAway(): boolean
}

export function watchDocker({ engine, clock, log, onReturn, signal }: WatchDockerOptions): DockerWatch {
  let watching = false
  let away = false

  const ask = async (): Promise<unknown> => {
    try {
      await engine.version({ signal })
      return undefined
    } catch (error) {
      return error
    }
  }

  const watch = async (): Promise<void> => {
    const error = await ask()
    if (error === undefined || signal.aborted) return
    away = true
    log.warn(`${describeError(error)}\nIt is asked again until it answers; then every app is looked at.`)
    const since = clock.monotonic()
    do await clock.sleep(pause, signal)
    while ((await ask()) !== undefined)
    away = false
    log.info(`Docker answers again, after ${Math.round((clock.monotonic() - since) / 1_000)} s.`)
    onReturn()
  }

  return {
    doubt() {
      if (watching) return
      watching = true
      watch()
        .catch((error: unknown) => {
          if (!signal.aborted) log.error(`Cannot watch Docker: ${describeError(error)}`)
        })
        .finally(() => (watching = false))
    },
    isAway: () => away,
  }
}
