import {
  type Config,
  createLogger,
  loadConfig,
  realExecutors,
  startServer,
  type ServerLogger,
} from '@fairway/server'
import { describeError } from '@fairway/core'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { followConfiguration } from '../follow-configuration.ts'
import type { Terminal } from '../terminal.ts'
import { restartedByParent, type ServeOptions } from './serve-options.ts'

/**
 * Runs the server until SIGTERM or SIGINT. A deployment that replaces containers is waited for, any other is left to the next
 * start; a second signal doesn't wait.
 * SIGHUP, or a change of the files, makes it read its configuration again.
 */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<number> {
  if (options.reload === true) {
    const { serveReloading } = await import('./serve-reloading.ts')
    return serveReloading(options, terminal)
  }
  const hangup = watchHangup()
  try {
    return await serveUntilStopped(options, terminal, hangup)
  } finally {
    hangup.ignore()
  }
}

async function serveUntilStopped(options: ServeOptions, terminal: Terminal, hangup: Hangup): Promise<number> {
  const config = await load(options, terminal)
  const { logFormat, logFile } = config.server
  const logger = createLogger({
    format: logFormat,
    logFile,
    secrets: config.secrets.map(({ value }) => value),
  })
  const stop = waitForSignals(logger)
  try {
    const server = await startServer(config, { logger, executors: realExecutors(terminal.environment) })
    const followed = followConfiguration({
      config,
      // The same file, also where another place comes first by now.
      load: () =>
        load({ ...options, ...(config.file === undefined ? {} : { config: config.file }) }, terminal),
      server,
      logger,
      watch: terminal.environment[restartedByParent] === undefined,
    })
    hangup.tell(() => followed.readAgain())
    await stop.asked
    await followed.close()
    await server.close(stop.hurry)
    return exitCodes.done
  } catch (error) {
    logger.error(
      error instanceof Error && error.name === 'ConfigError' ? error.message : describeError(error),
    )
    return exitCodeOf(error)
  } finally {
    stop.ignore()
    logger.close()
  }
}

function load({ config, host, port, log }: ServeOptions, terminal: Terminal): Promise<Config> {
  return loadConfig({
    environment: terminal.environment,
    directory: terminal.directory,
    flags: {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(log === undefined ? {} : { logFormat: log }),
    },
    ...(config === undefined ? {} : { file: config }),
  })
}

interface Hangup {
  /** Sets who is told of the signals that come. */
  tell(listener: () => void): void
  ignore(): void
}

/** From the first moment on: by default SIGHUP would end the process. */
function watchHangup(): Hangup {
  let listener = (): void => {}
  const onHangup = (): void => listener()
  process.on('SIGHUP', onHangup)
  return {
    tell: (given) => void (listener = given),
    ignore: () => void process.off('SIGHUP', onHangup),
  }
}

interface Stop {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>
  /** Aborts at the second. */
  readonly hurry: AbortSignal
  ignore(): void
}

const signals = ['SIGTERM', 'SIGINT'] as const

function waitForSignals(logger: ServerLogger): Stop {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const hurry = new AbortController()
  let isAsked = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isAsked) {
      logger.warn(`${signal} again: nothing is waited for.`)
      hurry.abort()
    } else {
      logger.info(
        `${signal}: stopping. What replaces containers is waited for; other deployments go on at the next start.`,
      )
      isAsked = true
      ask()
    }
  }
  for (const signal of signals) process.on(signal, onSignal)
  return {
    asked,
    hurry: hurry.signal,
    ignore() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
