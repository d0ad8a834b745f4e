import { configLines, explainConfig } from '@fairway/server/explain'
import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'

export interface ConfigShowOptions {
  readonly config?: string
  readonly json?: boolean
}

/** Prints the resolved configuration, secrets masked, and where each value comes from. */
export async function configShow(
  { config: file, json = false }: ConfigShowOptions,
  { environment, directory, stdout, stderr }: Terminal,
): Promise<number> {
  const explained = await explainConfig({
    environment,
    directory,
    ...(file === undefined ? {} : { file }),
  })
  if (json) {
    const values = explained.values.map(({ at: _at, ...value }) => value)
    stdout.write(`${JSON.stringify({ ...explained, values })}\n`)
    return exitCodes.done
  }
  for (const warning of explained.warnings) stderr.write(`warning: ${warning}\n`)
  stdout.write(`${configLines(explained).join('\n')}\n`)
  return exitCodes.done
}
