import { simpleGit } from 'simple-git'
import { DeployError, isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { type Environment, gitReadEnvironment } from '../environment.ts'
import { localError } from './local-error.ts'

/** Runs a local, reading git command and gives its standard output. */
export interface ReadGit {
  (path: string, args: readonly string[], call?: Call): Promise<string>
  /** What its git is given; where it isn't told, nothing is kept from one read to the next. */
  readonly environment?: Environment
}

/**
 * Local reads go through simple-git: they need no process group, no deadline and no network. Not what compares files
 * of the tree with the index (status, diff-files): that may run filters, which only `RunGit` keeps from it.
 */
export function gitReader(environment: Environment): ReadGit {
  const read: ReadGit = async (path, args, { signal } = {}) => {
    signal?.throwIfAborted()
    try {
      const git = simpleGit({
        // simple-git's own rule takes a failure without words for an empty answer: no files changed, nothing in the way.
        errors: (error, { exitCode, stdErr }) =>
          error ??
          (exitCode === 0 || (exitCode === 1 && mayFindNothing(args))
            ? undefined
            : failure(exitCode, stdErr)),
        baseDir: path,
        // Turned off, not on: a checkout's own configuration may name a program as its fsmonitor, or bring hooks.
        config: ['core.fsmonitor=false', 'core.hooksPath=/dev/null'],
        unsafe: { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true },
      })
      return await git
        .env(gitReadEnvironment(environment))
        .outputHandler((_command, stdout) => endAtOnce(stdout))
        .raw(...args)
    } catch (error) {
      throw await readError(path, args, error)
    }
  }
  return Object.assign(read, { environment: gitReadEnvironment(environment) })
}

/** Where a command says nothing, simple-git waits 50 ms more for its words; an empty one makes it go on. */
function endAtOnce(stdout: NodeJS.ReadableStream): void {
  stdout.once('end', () => stdout.emit('data', Buffer.alloc(0)))
}

/** The commit that a name stands for, or undefined where it stands for none. */
export async function commitOf(
  read: ReadGit,
  path: string,
  name: string,
  call?: Call,
): Promise<string | undefined> {
  return objectOf(read, path, `${name}^{commit}`, call)
}

/** The id of the object that a name stands for, or undefined where it stands for none. */
export async function objectOf(
  read: ReadGit,
  path: string,
  name: string,
  call?: Call,
): Promise<string | undefined> {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name]
    return (await read(path, args, call)).trim() || undefined
  } catch (error) {
    // A ref's file that a power cut left empty stands for nothing; who writes it next is told to remove it.
    if (isDeployError(error, 'git_failed') && error.message.includes('broken ref')) return undefined
    throw error
  }
}

/** Commands that answer "there is none" with exit code 1 and no words. */
function mayFindNothing(args: readonly string[]): boolean {
  return args.includes('--quiet') || args.includes('--get')
}

function failure(exitCode: number | null, stdErr: readonly Buffer[]): Error {
  const said = Buffer.concat(stdErr).toString('utf8').trim()
  return new Error(said === '' ? `git ended with exit code ${exitCode ?? 'none, as it was killed'}` : said)
}

/** Whether the index has this very file; a folder of that name doesn't count. */
export async function isListed(path: string, file: string, read: ReadGit, call?: Call): Promise<boolean> {
  const listed = await read(path, ['--literal-pathspecs', 'ls-files', '-z', '--', file], call)
  return listed.split('\0').includes(file)
}

async function readError(path: string, args: readonly string[], error: unknown): Promise<DeployError> {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('spawn git ENOENT')) {
    return new DeployError('git_unavailable', 'Cannot start git: it is not installed or not in PATH', {
      hint: 'Install git, or start Fairway with a PATH that has it',
    })
  }
  // simple-git's own error carries the whole command line; only git's words go on.
  return localError(`Cannot read ${path} (git ${args[0] ?? ''})`, path, text)
}
