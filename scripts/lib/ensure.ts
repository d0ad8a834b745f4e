import { fileURLToPath } from 'node:url'
import { runCommand } from '@fairway/core'

/** Runs one of the scripts `ensure-*`, showing what it says; gives its exit code (3: something is to be installed by hand). */
export async function ensure(what: 'docker' | 'tools', signal?: AbortSignal): Promise<number> {
  const script = fileURLToPath(new URL(`../ensure-${what}`, import.meta.url))
  const { exitCode } = await runCommand(
    { command: script, args: [], environment: process.env, live: 'both' },
    { output: (line) => void process.stderr.write(`${line}\n`), ...(signal ? { signal } : {}) },
  )
  return exitCode
}
