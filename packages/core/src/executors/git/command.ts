import { DeployError, isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { gitEnvironment, type Environment } from '../environment.ts'
import { type CommandResult, runCommand } from '../process.ts'
import { withoutFilters } from './filters.ts'
import { localError } from './local-error.ts'

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
]

interface GitCommand {
  readonly path: string
  readonly args: readonly string[]
  /** Settings for this command alone, such as `lfs.fetchexclude=`; they win over all others. */
  readonly settings?: readonly string[]
  readonly timeout?: number
  readonly input?: string
  readonly live?: 'stderr' | 'both'
  /** Variables beside the allow-listed ones. */
  readonly variables?: Readonly<Record<string, string>>
  /** What this does, for the error: `Cannot fetch refs/heads/main into /srv/shop`. */
  readonly doing: string
}

export type RunGit = (command: GitCommand, call?: Call) => Promise<CommandResult>

/**
 * Runs git for whatever writes the tree or refs, looks into files of the tree, or talks to a network; no filter but
 * one that `settings` name. Throws `git_failed`, or what was the matter with the checkout, on a non-zero exit.
 */
export function gitRunner(environment: Environment): RunGit {
  return async ({ path, args, settings = [], variables = {}, doing, ...rest }, call) => {
    const given = { path, environment: gitEnvironment(environment), variables, doing }
    const quiet = await withoutFilters(args, given, call)
    const command = {
      command: 'git',
      args: [...[...hardened, ...settings].flatMap((setting) => ['-c', setting]), ...args],
      directory: path,
      environment: { ...given.environment, ...quiet },
      ...rest,
    }
    try {
      const result = await runCommand(command, call)
      if (result.exitCode !== 0) throw await localError(doing, path, result.stderr)
      return result
    } catch (error) {
      throw isDeployError(error, 'timeout') ? late(doing, rest.timeout ?? 0) : error
    }
  }
}

function late(doing: string, timeout: number): DeployError {
  const text = `${doing}: git did not end within ${timeout / 1000} s and was stopped`
  return new DeployError('timeout', text, { hint: 'Where it needs longer, raise `timeouts.git` of the app' })
}
