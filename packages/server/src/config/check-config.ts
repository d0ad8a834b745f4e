import type { Config, ConfigInput, Flags } from './config.ts'
import { resolveConfig } from './resolve-config.ts'
import type { Environment } from '@fairway/core'
import { variables } from './variables.ts'

export interface CheckConfigOptions {
  readonly flags?: Flags
  readonly environment?: Environment
  /** What relative paths are relative to. */
  readonly directory?: string
}

/** Checks an object with the keys of fairway.yaml as the file would be; throws `ConfigError` with every mistake. */
export function checkConfig(
  input: ConfigInput,
  { flags, environment = process.env, directory = process.cwd() }: CheckConfigOptions = {},
): Config {
  return resolveConfig(input, {
    base: directory,
    variables: variables({ environment }, directory),
    ...(flags === undefined ? {} : { flags }),
  })
}
