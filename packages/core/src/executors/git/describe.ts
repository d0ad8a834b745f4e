import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Described } from '../git.ts'
import { type CommitObject, readCommitObject, readRefFile } from './commit-object.ts'
import { question } from './memory.ts'
import { plainRepository } from './plain-repository.ts'
import { commitOf, type ReadGit } from './reads.ts'

interface Known {
  readonly described: Described
  readonly message: string
  readonly parents: readonly string[]
}

const known = question<Known>('description')

/** What was found out of a commit before in this run, beside what it says of itself: its whole message and its parents. */
export function recallCommit(
  path: string,
  commit: string,
  call?: Call,
): Omit<Known, 'described'> | undefined {
  return known.recall(call, path, commit)
}

/** What a commit says of itself. */
export async function describeCommit(
  path: string,
  commit: string,
  read: ReadGit,
  call?: Call,
): Promise<Described> {
  return (known.recall(call, path, commit) ?? (await readCommit(path, commit, read, call))).described
}

/** The commit that a name stands for, as `commitOf`; that it was looked into then spares `describeCommit` the same. */
export async function findCommit(
  path: string,
  name: string,
  read: ReadGit,
  call?: Call,
): Promise<string | undefined> {
  const plain = await readPlainly(path, name, read, call)
  if (plain) {
    const { commit, parents, message, author } = plain
    known.learn({ parents, message, described: { subject: subjectOf(message), author } }, call, path, commit)
    return commit
  }
  try {
    const { commit, ...found } = await readCommit(path, name, read, call)
    if (commit !== '') known.learn(found, call, path, commit)
    return commit === '' ? undefined : commit
  } catch (error) {
    if (isDeployError(error, 'git_failed')) return commitOf(read, path, name, call)
    throw error
  }
}

/** Without a process, where a full ref or id names a commit that was just fetched. */
async function readPlainly(
  path: string,
  name: string,
  read: ReadGit,
  call?: Call,
): Promise<CommitObject | undefined> {
  const repository = await plainRepository(path, read, call)
  if (!repository) return undefined
  const { directory } = repository
  const id = name.startsWith('refs/') ? await readRefFile(directory, name) : name
  return id !== undefined && /^[0-9a-f]{40}$/.test(id) ? readCommitObject(directory, id) : undefined
}

function subjectOf(message: string): string {
  return message.trim().split('\n', 1)[0]?.trim() ?? ''
}

async function readCommit(
  path: string,
  name: string,
  read: ReadGit,
  call?: Call,
): Promise<{ readonly commit: string } & Known> {
  // A setting of the checkout's would have git start gpg.
  const options = ['--max-count=1', '--no-show-signature', '--no-color', '--no-notes', '--encoding=UTF-8']
  const args = ['log', ...options, '--format=%H%x00%P%x00%an%x00%B%x00', '--end-of-options', name, '--']
  const [commit = '', parents = '', author = '', message = ''] = (await read(path, args, call)).split('\0')
  return {
    commit,
    parents: parents.split(' ').filter((id) => id !== ''),
    message,
    described: { subject: subjectOf(message), author },
  }
}
