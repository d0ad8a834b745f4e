import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { question } from './memory.ts'
import { commitOf, type ReadGit } from './reads.ts'

const known = question<readonly string[]>('changed files')

/** Notes which files differ between two commits, for who asks later in this run. */
export function learnChanged(
  path: string,
  from: string,
  to: string,
  files: readonly string[],
  call?: Call,
): void {
  known.learn(files, call, path, `${from}..${to}`)
}

/** Files that differ between two commits; undefined when `from` isn't there (any more). */
export async function changedFiles(
  path: string,
  from: string,
  to: string,
  read: ReadGit,
  call?: Call,
): Promise<readonly string[] | undefined> {
  const before = known.recall(call, path, `${from}..${to}`)
  if (before) return before
  const options = [
    '--name-only',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=none',
    '-z',
  ]
  try {
    const listed = await read(path, ['diff', ...options, from, to, '--'], call)
    return listed.split('\0').filter((file) => file !== '')
  } catch (error) {
    const isGone =
      isDeployError(error, 'git_failed') && (await commitOf(read, path, from, call)) === undefined
    if (isGone) return undefined
    throw error
  }
}
