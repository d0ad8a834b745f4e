import { simpleGit } from 'simple-git'
import { DeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { dockerEnvironment, type Environment } from '../environment.ts'
import { gitError } from './command.ts'

/** Runs a local, reading git command and gives its standard output. */
export type ReadGit = (path: string, args: readonly string[], call?: Call) => Promise<string>

/** Local reads go through simple-git: they need no process group, no deadline and no network. */
export function gitReader(environment: Environment): ReadGit {
  return async (path, args, { signal } = {}) => {
    signal?.throwIfAborted()
    try {
      const git = simpleGit({
        baseDir: path,
        // Turned off, not on: a checkout's own configuration may name a program as its fsmonitor.
        config: ['core.fsmonitor=false'],
        unsafe: { allowUnsafeFsMonitor: true },
      })
      return await git.env({ ...dockerEnvironment(environment), LC_ALL: 'C.UTF-8' }).raw(...args)
    } catch (error) {
      throw readError(path, args, error)
    }
  }
}

/** The commit that a name stands for, or undefined where it stands for none. */
export async function commitOf(
  read: ReadGit,
  path: string,
  name: string,
  call?: Call,
): Promise<string | undefined> {
  const commit = await read(
    path,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
    call,
  )
  return commit.trim() || undefined
}

function readError(path: string, args: readonly string[], error: unknown): DeployError {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('spawn git ENOENT')) {
    return new DeployError('git_unavailable', 'Cannot start git: it is not installed or not in PATH', {
      hint: 'Install git, or start Fairway with a PATH that has it',
    })
  }
  // simple-git's own error carries the whole command line; only git's words go on.
  return gitError(`Cannot read ${path} (git ${args[0] ?? ''})`, text)
}
