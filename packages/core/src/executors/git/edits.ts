import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import type { KeptEdits } from '../git.ts'
import type { RunGit } from './command.ts'
import { unhide } from './hidden.ts'
import { interruptedMove } from './interrupted-move.ts'
import { commitOf, type ReadGit } from './reads.ts'

/** A copy of the checkout's index, so that looking at the edits changes nothing there. */
interface Copy {
  readonly path: string
  /** Runs git on the copy and gives its standard output. */
  readonly git: (...args: readonly string[]) => Promise<string>
}

/** Keeps the tracked edits as a commit: the tree as it is; what was staged and then changed again is its second parent. */
export async function keepEdits(
  path: string,
  time: Date,
  run: RunGit,
  read: ReadGit,
  call?: Call,
): Promise<KeptEdits | undefined> {
  const gitDirectory = (await read(path, ['rev-parse', '--absolute-git-dir'], call)).replace(/\n$/, '')
  const index = join(gitDirectory, 'fairway-index')
  const doing = `Cannot keep the edits in ${path}`
  const variables = { ...author, GIT_INDEX_FILE: index }
  const git: Copy['git'] = async (...args) => (await run({ path, args, variables, doing }, call)).stdout
  try {
    if (!(await copyIndex(join(gitDirectory, 'index'), index))) return undefined
    await unhide({ path, variables }, run, read, call)
    const edits = await listEdits({ path, git }, read, call)
    if (edits.length === 0) return undefined
    const commit = await commitEdits(edits, { path, git }, read, call)
    // 20260131T120000.000Z: a ref can't hold colons.
    const ref = `refs/fairway/overwritten/${time.toISOString().replaceAll(/[-:]/g, '')}`
    await git('update-ref', ref, commit)
    return { ref, files: edits.map(({ file }) => file) }
  } finally {
    await rm(index, { force: true })
  }
}

const author = {
  GIT_AUTHOR_NAME: 'Fairway',
  GIT_AUTHOR_EMAIL: 'fairway@localhost',
  GIT_COMMITTER_NAME: 'Fairway',
  GIT_COMMITTER_EMAIL: 'fairway@localhost',
}

async function copyIndex(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to)
    return true
  } catch (error) {
    // Before anything was ever staged there is none.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

interface Edit {
  /** The two letters of git status: the index against HEAD, the tree against the index. */
  readonly state: string
  readonly file: string
}

async function listEdits({ path, git }: Copy, read: ReadGit, call?: Call): Promise<readonly Edit[]> {
  const options = ['--porcelain', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=all']
  const edits = (await git('status', ...options))
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => ({ state: entry.slice(0, 2), file: entry.slice(3) }))
  const interrupted = edits.length === 0 ? undefined : await interruptedMove(path, read, call)
  if (!interrupted) return edits
  const byPeople: Edit[] = []
  for (const edit of edits) if (!(await interrupted.left(edit.file))) byPeople.push(edit)
  return byPeople
}

async function commitEdits(
  edits: readonly Edit[],
  { path, git }: Copy,
  read: ReadGit,
  call?: Call,
): Promise<string> {
  const head = await commitOf(read, path, 'HEAD', call)
  const commitIndex = async (message: string, ...others: readonly string[]): Promise<string> => {
    const tree = (await git('write-tree')).trim()
    const parents = [...(head === undefined ? [] : [head]), ...others].flatMap((parent) => ['-p', parent])
    return (await git('-c', 'commit.gpgSign=false', 'commit-tree', tree, ...parents, '-m', message)).trim()
  }
  const unmerged = edits.some(({ state }) => /U|AA|DD/.test(state))
  const changedAgain = edits.some(({ state }) => /^[^ ][^ ]$/.test(state))
  // An index with conflicts can't be written as a tree; what conflicts are about are commits anyway.
  const staged =
    changedAgain && !unmerged ? [await commitIndex('Staged edits that a deployment replaced')] : []
  await git('add', '--update', '--', ':/')
  return commitIndex('Tracked edits that a deployment replaced', ...staged)
}
