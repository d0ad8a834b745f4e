import { DeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { gitEnvironment, type Environment } from '../environment.ts'
import { type CommandResult, runCommand } from '../process.ts'

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

/** A failed git command in plain words: what git said, without its prefixes. */
export function gitError(doing: string, stderr: string): DeployError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const said = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? 'git gave no reason'
  return new DeployError(
    isMissing(stderr) ? 'ref_not_found' : 'git_failed',
    `${doing}: ${said.replace(/^(fatal|error): /, '')}`,
    { output: lines.length > 1 ? lines.slice(-20) : [], hint: adviceFor(stderr) },
  )
}

function isMissing(stderr: string): boolean {
  return /couldn't find remote ref|not our ref/i.test(stderr)
}

function adviceFor(stderr: string): string {
  if (isMissing(stderr)) return 'Check that the branch is still there on the remote'
  const lock = /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1]
  if (lock !== undefined) {
    return `Another git works there, or one that did was killed: once none runs, remove ${lock}`
  }
  const broken = /unable to resolve reference '(.+)': reference broken/.exec(stderr)?.[1]
  if (broken !== undefined) {
    return `The file of this ref is damaged, as after a power cut: remove ${broken} from the checkout's .git`
  }
  return 'Run the same git command there by hand to see more'
}
