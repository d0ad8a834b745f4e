import { fileURLToPath } from 'node:url'
import { runCommand } from '@fairway/core'

const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

export interface CommandOptions {
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Milliseconds it may take to end once the signal aborts. */
  readonly grace?: number
  /** Told every line while it runs. */
  readonly output?: (line: string) => void
}

/** Runs a program and gives its standard output; rejects with its last lines when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { directory, environment = {}, signal, grace, output } = options
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const result = await runCommand(
    {
      command,
      args,
      directory,
      environment: { ...Object.fromEntries(inherited), ...environment },
      live: 'both',
      ...(grace === undefined ? {} : { grace }),
    },
    { ...(signal ? { signal } : {}), ...(output ? { output } : {}) },
  )
  if (result.exitCode === 0) return result.stdout
  throw new Error(
    `${command} ${args.join(' ')} exited with code ${result.exitCode}:\n${result.lastLines.join('\n')}`,
  )
}

/** Runs the command `fairway` from its sources. */
export function fairway(args: readonly string[], options: CommandOptions): Promise<string> {
  return run(process.execPath, ['--conditions=@fairway/source', cli, ...args], options)
}
