import { runCommand } from '@fairway/core'

export interface RunOptions {
  /** Default: the current one. */
  readonly directory?: string
  /** Beside this process's own variables. */
  readonly environment?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Milliseconds it may take to end once the signal aborts. */
  readonly grace?: number
  /** Told every line while it runs. */
  readonly output?: (line: string) => void
}

/** Runs a program and gives its standard output; rejects with its last lines when it fails. For the demo and for tests. */
export async function run(
  command: string,
  args: readonly string[],
  { directory = process.cwd(), environment = {}, signal, grace, output }: RunOptions = {},
): Promise<string> {
  const { exitCode, stdout, lastLines } = await runCommand(
    {
      command,
      args,
      directory,
      environment: { ...process.env, ...environment },
      live: 'both',
      ...(grace === undefined ? {} : { grace }),
    },
    { ...(signal ? { signal } : {}), ...(output ? { output } : {}) },
  )
  if (exitCode === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} exited with code ${exitCode}:\n${lastLines.join('\n')}`)
}
