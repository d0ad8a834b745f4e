import type { Config } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import { serveMistakes } from './config/serve-mistakes.ts'

/** Throws `ConfigError` where a server must not start, or go on, with this configuration. */
export function assertServable(config: Config): void {
  const mistakes = serveMistakes(config)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  if (config.secrets.length > 0 || config.allowUnsigned) return
  // Without apps there is nothing to protect, but no way to tell who sends a delivery either.
  const message = 'there is none: set GITHUB_WEBHOOK_SECRET (`fairway secret new` makes one)'
  throw new ConfigError([{ path: 'webhook.secrets', message }])
}
