import { fileURLToPath } from 'node:url'
import { runCommand } from '@fairway/core'

/** Runs scripts/ensure-docker, showing what it says; gives its exit code (3: something is to be installed by hand). */
export async function ensureDocker(signal?: AbortSignal): Promise<number> {
  const script = fileURLToPath(new URL('ensure-docker', import.meta.url))
  const variables = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const { exitCode } = await runCommand(
    { command: script, args: [], environment: Object.fromEntries(variables), live: 'both' },
    { output: (line) => void process.stderr.write(`${line}\n`), ...(signal ? { signal } : {}) },
  )
  return exitCode
}
