import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Environment } from '@fairway/core'
import { parse } from 'dotenv'
import type { Flags } from './config.ts'
import { ConfigError } from './config-error.ts'
import { configFile } from './config-file.ts'
import { errorMessage, fileErrorCode } from './file-error.ts'
import { readYaml } from './read-yaml.ts'
import type { Source } from './resolve-config.ts'
import { variables } from './variables.ts'

export interface LoadConfigOptions {
  /** What `--config` names; otherwise the usual places are tried. */
  readonly file?: string
  readonly flags?: Flags
  readonly environment?: Environment
  readonly directory?: string
}

export interface ReadSource {
  /** What the file says, before variables are replaced. */
  readonly input: unknown
  readonly source: Source & { readonly file: string }
}

/** Finds and reads the configuration file and the `.env` beside it; throws `ConfigError` where they can't be read. */
export async function readSource({
  file: named,
  flags,
  environment = process.env,
  directory = process.cwd(),
}: LoadConfigOptions = {}): Promise<ReadSource> {
  const file = await configFile({ environment, directory, ...(named === undefined ? {} : { file: named }) })
  const base = dirname(file)
  const dotEnv = join(base, '.env')
  const yaml = readYaml(await read(file), file)
  return {
    input: yaml.data,
    source: {
      base,
      variables: variables({ environment, dotEnv: await readDotEnv(dotEnv) }, base),
      findings: yaml.findings,
      locate: (at) => yaml.locate(at),
      file,
      watched: [file, dotEnv],
      ...(flags === undefined ? {} : { flags }),
    },
  }
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
