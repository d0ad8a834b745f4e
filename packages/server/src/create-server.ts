import { assemble, type AssembleOptions, type FairwayServer } from './assemble.ts'
import { checkConfig } from './config/check-config.ts'
import type { ConfigInput } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import { serveMistakes } from './config/serve-mistakes.ts'
import { createLogger } from './log/create-logger.ts'

export interface CreateServerOptions extends Partial<AssembleOptions> {
  /** An object with the keys of fairway.yaml; relative paths are relative to the current directory. */
  readonly config: ConfigInput
}

/** A server from a configuration object, to mount in an app of one's own; throws `ConfigError` with every mistake. */
export function createServer({ config: input, logger, ...rest }: CreateServerOptions): FairwayServer {
  const config = checkConfig(input)
  const mistakes = serveMistakes(config)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const { logFormat, logFile } = config.server
  const secrets = config.secrets.map(({ value }) => value)
  return assemble(config, {
    ...rest,
    logger: logger ?? createLogger({ format: logFormat, logFile, secrets }),
  })
}
