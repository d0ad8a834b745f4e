import type { Logger } from '@fairway/core'
import { assertServable } from './assert-servable.ts'
import { assemble, type Assembled } from './assemble.ts'
import { checkConfig } from './config/check-config.ts'
import type { ConfigInput } from './config/config.ts'
import { type Executors, realExecutors } from './executors.ts'
import type { Journal } from './journal/journal.ts'
import { createLogger, type ServerLogger } from './log/create-logger.ts'

export interface CreateServerOptions {
  /** An object with the keys of fairway.yaml; relative paths are relative to the current directory. */
  readonly config: ConfigInput
  /** Default: the console and `server.logFile`. */
  readonly logger?: Logger & Partial<ServerLogger>
  /** Default: one in memory, which forgets everything when the process ends; `sqliteJournal({ directory })` is one that lasts. */
  readonly journal?: Journal
  /** Those that differ from the real ones. */
  readonly executors?: Partial<Executors>
}

/** A server without a socket: `app` answers requests, the worker deploys in the background. */
export interface FairwayServer extends Omit<Assembled, 'reload'> {
  /**
   * Goes on with another configuration, from the next delivery and the next deployment on; what runs is left alone.
   * Throws `ConfigError` with every mistake, having changed nothing.
   */
  reload(config: ConfigInput): void
}

/** A server from a configuration object, to mount in an app of one's own; throws `ConfigError` with every mistake. */
export function createServer({
  config: input,
  logger,
  executors,
  ...rest
}: CreateServerOptions): FairwayServer {
  const config = checkConfig(input)
  assertServable(config)
  const { logFormat, logFile } = config.server
  const secrets = config.secrets.map(({ value }) => value)
  const server = assemble(config, {
    ...rest,
    executors: { ...realExecutors(), ...executors },
    logger: logger ?? createLogger({ format: logFormat, logFile, secrets }),
  })
  return { ...server, reload: (next) => server.reload(checkConfig(next)) }
}
