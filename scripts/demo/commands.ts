import { fileURLToPath } from 'node:url'
import { run, type RunOptions } from '../lib/run.ts'

const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

/** Runs the command `fairway` from its sources. */
export function fairway(args: readonly string[], options: RunOptions): Promise<string> {
  return run(process.execPath, ['--conditions=@fairway/source', cli, ...args], options)
}
