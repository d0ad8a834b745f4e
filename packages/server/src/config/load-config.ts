import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'dotenv'
import type { Config, Flags } from './config.ts'
import { ConfigError } from './config-error.ts'
import { configFile } from './config-file.ts'
import { errorMessage, fileErrorCode } from './file-error.ts'
import { readYaml } from './read-yaml.ts'
import { resolveConfig } from './resolve-config.ts'
import type { Environment } from '@fairway/core'
import { variables } from './variables.ts'

export interface LoadConfigOptions {
  /** What `--config` names; otherwise the usual places are tried. */
  readonly file?: string
  readonly flags?: Flags
  readonly environment?: Environment
  readonly directory?: string
}

/** Finds, reads and checks the configuration file; throws `ConfigError` with every mistake in it. */
export async function loadConfig({
  file: named,
  flags,
  environment = process.env,
  directory = process.cwd(),
}: LoadConfigOptions = {}): Promise<Config> {
  const file = await configFile({ environment, directory, ...(named === undefined ? {} : { file: named }) })
  const base = dirname(file)
  const dotEnv = join(base, '.env')
  const yaml = readYaml(await read(file), file)
  return resolveConfig(yaml.data, {
    base,
    variables: variables([environment, await readDotEnv(dotEnv)], base),
    findings: yaml.findings,
    locate: (at) => yaml.locate(at),
    file,
    watched: [file, dotEnv],
    ...(flags === undefined ? {} : { flags }),
  })
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new ConfigError([{ path: '', message: `cannot be read: ${errorMessage(error)}` }], { file })
  }
}

/** dotenv's `parse`, not its `config`: nothing is put into this process's environment. */
async function readDotEnv(file: string): Promise<Environment> {
  try {
    return parse(await readFile(file))
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return {}
    throw new ConfigError([{ path: '', message: `cannot be read: ${errorMessage(error)}` }], { file })
  }
}
