import type { Config } from './config.ts'
import { type LoadConfigOptions, readSource } from './read-source.ts'
import { resolveConfig } from './resolve-config.ts'

/** Finds, reads and checks the configuration file; throws `ConfigError` with every mistake in it. */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const { input, source } = await readSource(options)
  return resolveConfig(input, source)
}
