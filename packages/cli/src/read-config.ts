import type { Config } from '@fairway/server'
import { loadConfig } from '@fairway/server/config'
import type { Terminal } from './terminal.ts'

/** The configuration a command was told to use, or finds. */
export function readConfig(
  { config: file }: { readonly config?: string },
  { environment, directory }: Terminal,
): Promise<Config> {
  return loadConfig({ environment, directory, ...(file === undefined ? {} : { file }) })
}
