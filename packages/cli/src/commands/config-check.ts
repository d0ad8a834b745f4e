import type { Mistake } from '@fairway/server'
import { ConfigError, loadConfig, serveMistakes } from '@fairway/server/config'
import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'

export interface ConfigCheckOptions {
  readonly config?: string
  readonly json?: boolean
}

interface Findings {
  readonly file?: string
  readonly mistakes: readonly Mistake[]
  readonly warnings: readonly string[]
}

/** Prints every mistake and warning of the configuration. */
export async function configCheck(
  { config, json = false }: ConfigCheckOptions,
  terminal: Terminal,
): Promise<number> {
  const findings = await check(config, terminal)
  const { file, mistakes, warnings } = findings
  if (json) {
    terminal.stdout.write(`${JSON.stringify({ ok: mistakes.length === 0, ...findings })}\n`)
  } else {
    for (const warning of warnings) terminal.stdout.write(`warning: ${warning}\n`)
    for (const mistake of mistakes) terminal.stdout.write(`${describe(mistake)}\n`)
    if (mistakes.length === 0) terminal.stdout.write(`${file ?? 'The configuration'} is fine.\n`)
  }
  return mistakes.length === 0 ? exitCodes.done : exitCodes.usage
}

async function check(file: string | undefined, { environment, directory }: Terminal): Promise<Findings> {
  try {
    const config = await loadConfig({ environment, directory, ...(file === undefined ? {} : { file }) })
    return {
      ...(config.file === undefined ? {} : { file: config.file }),
      mistakes: serveMistakes(config),
      warnings: config.warnings,
    }
  } catch (error) {
    if (error instanceof ConfigError)
      return { mistakes: [...error.mistakes, ...error.serveMistakes], warnings: [] }
    throw error
  }
}

function describe({ path, message, line }: Mistake): string {
  return `${line === undefined ? '' : `${line}: `}${path === '' ? '' : `${path}: `}${message}`
}
