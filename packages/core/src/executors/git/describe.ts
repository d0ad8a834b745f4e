import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Described } from '../git.ts'
import { question } from './memory.ts'
import { commitOf, type ReadGit } from './reads.ts'

const known = question<Described>('description')

/** What a commit says of itself. */
export async function describeCommit(
  path: string,
  commit: string,
  read: ReadGit,
  call?: Call,
): Promise<Described> {
  return known.recall(call, path, commit) ?? (await readCommit(path, commit, read, call)).described
}

/** The commit that a name stands for, as `commitOf`; that it was looked into then spares `describeCommit` the same. */
export async function findCommit(
  path: string,
  name: string,
  read: ReadGit,
  call?: Call,
): Promise<string | undefined> {
  try {
    const { commit, described } = await readCommit(path, name, read, call)
    if (commit !== '') known.learn(described, call, path, commit)
    return commit === '' ? undefined : commit
  } catch (error) {
    if (isDeployError(error, 'git_failed')) return commitOf(read, path, name, call)
    throw error
  }
}

async function readCommit(
  path: string,
  name: string,
  read: ReadGit,
  call?: Call,
): Promise<{ readonly commit: string; readonly described: Described }> {
  // A setting of the checkout's would have git start gpg.
  const options = ['--max-count=1', '--no-show-signature', '--no-color', '--no-notes', '--encoding=UTF-8']
  const args = ['log', ...options, '--format=%H%x00%an%x00%B', '--end-of-options', name, '--']
  const [commit = '', author = '', message = ''] = (await read(path, args, call)).split('\0')
  return { commit, described: { subject: message.trim().split('\n', 1)[0]?.trim() ?? '', author } }
}
