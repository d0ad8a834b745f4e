import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { describeError } from '@fairway/core'
import { type Config, ConfigError, type RunningServer, type ServerLogger } from '@fairway/server'
import { watchFiles, type WatchFilesOptions } from './watch-files.ts'

export interface FollowConfigurationOptions extends WatchFilesOptions {
  /** What the server was started with. */
  readonly config: Config
  readonly load: () => Promise<Config>
  readonly server: Pick<RunningServer, 'reload'>
  readonly logger: Pick<ServerLogger, 'error'>
  /** Whether changed files are read by themselves. */
  readonly watch: boolean
}

export interface FollowedConfiguration {
  /** Reads it now, changed or not. */
  readAgain(): void
  close(): Promise<void>
}

type Reason = 'start' | 'change' | 'person'

/** Milliseconds after which a configuration with mistakes is read again before it is reported: it may be half written. */
const secondLook = 750

/** Keeps a running server at what the configuration says; one with mistakes is refused, and the old one goes on. */
export function followConfiguration({
  config,
  load,
  server,
  logger,
  watch,
  ...options
}: FollowConfigurationOptions): FollowedConfiguration {
  const closed = new AbortController()
  const { signal } = closed
  const files = watchFiles(() => ask('change'), options)
  let seen: string | undefined
  let asked: Reason | undefined
  let working: Promise<void> | undefined

  const ask = (why: Reason): void => {
    asked = asked === 'person' ? asked : why
    working ??= work().finally(() => (working = undefined))
  }

  /** One after the other: what comes meanwhile is one more turn, however often it came. */
  const work = async (): Promise<void> => {
    while (asked !== undefined && !signal.aborted) {
      const why = asked
      asked = undefined
      try {
        await turn(why)
      } catch (error) {
        if (!signal.aborted) logger.error(`Cannot reload the configuration: ${describeError(error)}`)
      }
    }
  }

  const turn = async (why: Reason): Promise<void> => {
    const state = await files.settled(signal)
    if (why === 'change' && state === seen) return
    seen = state
    if ((await reload(why)) === undefined) return
    await sleep(secondLook, undefined, { signal })
    seen = await files.settled(signal)
    const mistakes = await reload(why)
    if (mistakes !== undefined) {
      logger.error(`Cannot reload the configuration; the old configuration goes on:\n${mistakes}`)
    }
  }

  /** Gives what is wrong with it, where something is. */
  const reload = async (why: Reason): Promise<string | undefined> => {
    try {
      const next = await load()
      if (why === 'start' && isDeepStrictEqual(next, config)) return undefined
      // What a disk that is full or a save that was broken off leaves behind must not take every app away.
      if (next.file !== undefined && (await isEmpty(next.file))) return `${next.file}: is empty`
      server.reload(next)
      if (watch) files.watch(next.watched)
      return undefined
    } catch (error) {
      return describe(error)
    }
  }

  if (watch) {
    files.watch(config.watched)
    // It may have changed since the server read it.
    ask('start')
  }
  return {
    readAgain: () => ask('person'),
    async close() {
      closed.abort()
      files.close()
      await working
    },
  }
}

async function isEmpty(file: string): Promise<boolean> {
  return (await readFile(file, 'utf8')).trim() === ''
}

function describe(error: unknown): string {
  if (!(error instanceof ConfigError)) return describeError(error)
  const serving = error.serveMistakes.map(({ path, message }) => `${path}: ${message}`)
  return [error.message, ...serving].join('\n')
}
