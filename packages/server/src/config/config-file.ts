import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigError } from './config-error.ts'
import { fileErrorCode } from './file-error.ts'
import type { Environment } from '@fairway/core'

export interface ConfigFileOptions {
  /** What `--config` names. */
  readonly file?: string
  readonly environment?: Environment
  readonly directory?: string
  /** Where the machine's own configuration lies. */
  readonly system?: string
}

/** The configuration file to read; throws `ConfigError` naming the places tried. One that was named is not looked for elsewhere. */
export async function configFile({
  file,
  environment = process.env,
  directory = process.cwd(),
  system = '/etc/fairway/fairway.yaml',
}: ConfigFileOptions = {}): Promise<string> {
  const named = file ?? (environment['FAIRWAY_CONFIG'] || undefined)
  const places =
    named === undefined ? [resolve(directory, 'fairway.yaml'), system] : [resolve(directory, named)]
  for (const place of places) {
    if (await exists(place)) return place
  }
  throw new ConfigError([
    { path: '', message: notFound(places, { isFlag: file !== undefined, isNamed: named !== undefined }) },
  ])
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    // What is there but can't be reached is told when it is read.
    return !['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))
  }
}

function notFound(
  places: readonly string[],
  { isFlag, isNamed }: { isFlag: boolean; isNamed: boolean },
): string {
  if (isNamed)
    return `there is no configuration at ${places.join()}, which ${isFlag ? '--config' : 'FAIRWAY_CONFIG'} names`
  return `there is no configuration: tried FAIRWAY_CONFIG (not set), ${places.join(' and ')}; name one with --config`
}
