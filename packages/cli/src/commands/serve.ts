import {
  createLogger,
  loadConfig,
  realExecutors,
  startServer,
  type RunningServer,
  type ServerLogger,
} from '@fairway/server'
import { describeError } from '@fairway/core'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'
import type { ServeOptions } from './serve-options.ts'

/** Runs the server until SIGTERM or SIGINT; deployments that run are finished first, a second signal cancels them. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<number> {
  if (options.reload === true) {
    const { serveReloading } = await import('./serve-reloading.ts')
    return serveReloading(options, terminal)
  }
  const config = await loadConfig({
    environment: terminal.environment,
    directory: terminal.directory,
    flags: {
      ...(options.host === undefined ? {} : { host: options.host }),
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.log === undefined ? {} : { logFormat: options.log }),
    },
    ...(options.config === undefined ? {} : { file: options.config }),
  })
  const { logFormat, logFile } = config.server
  const logger = createLogger({
    format: logFormat,
    logFile,
    secrets: config.secrets.map(({ value }) => value),
  })
  const stop = waitForSignals(logger)
  try {
    const server = await startServer(config, { logger, executors: realExecutors(terminal.environment) })
    return await untilStopped(server, stop)
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

interface Stop {
  /** Aborts at the first signal. */
  readonly asked: AbortSignal
  /** Aborts at the second. */
  readonly hurry: AbortSignal
  ignore(): void
}

async function untilStopped(server: RunningServer, { asked, hurry }: Stop): Promise<number> {
  if (!asked.aborted) await new Promise((resolve) => asked.addEventListener('abort', resolve, { once: true }))
  await server.close(hurry)
  return exitCodes.done
}

const signals = ['SIGTERM', 'SIGINT'] as const

function waitForSignals(logger: ServerLogger): Stop {
  const asked = new AbortController()
  const hurry = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked.signal.aborted) {
      logger.warn(`${signal} again: cancelling the deployments that run.`)
      hurry.abort()
    } else {
      logger.info(
        `${signal}: stopping; deployments that run are finished first, another signal cancels them.`,
      )
      asked.abort()
    }
  }
  for (const signal of signals) process.on(signal, onSignal)
  return {
    asked: asked.signal,
    hurry: hurry.signal,
    ignore() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
