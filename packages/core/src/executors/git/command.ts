import type { Call } from '../../run.ts'
import { gitEnvironment, type Environment } from '../environment.ts'
import { type CommandResult, runCommand } from '../process.ts'
import { gitError } from './git-error.ts'

/** What a checkout's own configuration or a hook must never make git do. */
const hardened = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting])

interface GitCommand {
  readonly path: string
  readonly args: readonly string[]
  readonly timeout?: number
  readonly input?: string
  readonly live?: 'stderr' | 'both'
  /** Variables beside the allow-listed ones. */
  readonly variables?: Readonly<Record<string, string>>
  /** What this does, for the error: `Cannot fetch refs/heads/main into /srv/shop`. */
  readonly doing: string
}

export type RunGit = (command: GitCommand, call?: Call) => Promise<CommandResult>

/** Runs git for whatever writes the tree or refs, or talks to a network; throws `git_failed` on a non-zero exit. */
export function gitRunner(environment: Environment): RunGit {
  return async ({ path, args, variables, doing, ...rest }, call) => {
    const result = await runCommand(
      {
        command: 'git',
        args: [...hardened, ...args],
        directory: path,
        environment: { ...gitEnvironment(environment), ...variables },
        ...rest,
      },
      call,
    )
    if (result.exitCode !== 0) throw gitError(doing, result.stderr)
    return result
  }
}
