import { join } from 'node:path'
import type { Call } from '../../run.ts'
import type { KeptEdits } from '../git.ts'
import { isBehindLink } from './behind-link.ts'
import { lstatOrNothing } from './blob.ts'
import type { RunGit } from './command.ts'
import { unhide } from './hidden.ts'
import { interruptedMove } from './interrupted-move.ts'
import { hasContentOf, parsePointer } from './lfs-pointer.ts'
import { copyIndex, withOwnIndex } from './own-index.ts'
import { overwrittenRef } from './overwritten-ref.ts'
import { commitOf, type ReadGit } from './reads.ts'
import { readSmallBlobs } from './small-blobs.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
}

/** A copy of the checkout's index, so that looking at the edits changes nothing there. */
interface Copy extends Tools {
  readonly path: string
  /** Runs git on the copy and gives its standard output. */
  readonly git: (args: readonly string[], input?: string) => Promise<string>
}

/** Keeps the tracked edits as a commit: the tree as it is; what was staged and then changed again is its second parent. */
export async function keepEdits(
  path: string,
  time: Date,
  tools: Tools,
  call?: Call,
): Promise<KeptEdits | undefined> {
  const doing = `Cannot keep the edits in ${path}`
  return withCopy({ path, doing }, tools, call, async (copy) => {
    const edits = await byPeople(await listEdits(copy, call), copy, call)
    if (edits.length === 0) return undefined
    const commit = await commitEdits(edits, copy, call)
    const ref = overwrittenRef(time)
    await copy.git(['update-ref', ref, commit])
    return { ref, files: edits.map(({ file }) => file) }
  })
}

/** Tracked files of a checkout that differ from its commit. */
export async function findEdits(path: string, tools: Tools, call?: Call): Promise<readonly string[]> {
  const doing = `Cannot look for edits in ${path}`
  const edits = await withCopy({ path, doing }, tools, call, (copy) => listEdits(copy, call))
  return (edits ?? []).map(({ file }) => file)
}

const author = {
  GIT_AUTHOR_NAME: 'Fairway',
  GIT_AUTHOR_EMAIL: 'fairway@localhost',
  GIT_COMMITTER_NAME: 'Fairway',
  GIT_COMMITTER_EMAIL: 'fairway@localhost',
}

async function withCopy<T>(
  { path, doing }: { readonly path: string; readonly doing: string },
  { run, read }: Tools,
  call: Call | undefined,
  use: (copy: Copy) => Promise<T>,
): Promise<T | undefined> {
  const copied = async (index: string, gitDirectory: string): Promise<T | undefined> => {
    if (!(await copyIndex(gitDirectory, index))) return undefined
    const variables = { ...author, GIT_INDEX_FILE: index }
    await unhide({ path, variables }, run, read, call)
    return use({
      path,
      run,
      read,
      git: async (args, input) => {
        const given = input === undefined ? {} : { input }
        return (await run({ path, args, variables, doing, ...given }, call)).stdout
      },
    })
  }
  return withOwnIndex(path, doing, read, copied, call)
}

interface Edit {
  /** The two letters of git status: the index against HEAD, the tree against the index. */
  readonly state: string
  readonly file: string
  /** What the index has there. */
  readonly blob: string
}

async function listEdits({ path, git, run }: Copy, call?: Call): Promise<readonly Edit[]> {
  const options = ['--porcelain=v2', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=all']
  const edits = parseStatus(await git(['status', ...options]))
  // What git-lfs wrote differs from its pointer: filters are off, so that git tells the two apart by their content.
  const touched = edits.filter(({ state }) => state === '.M')
  const ids = touched.map(({ blob }) => blob)
  const texts = touched.length === 0 ? undefined : await readSmallBlobs(path, ids, run, call)
  const found: Edit[] = []
  for (const edit of edits) {
    const pointer = edit.state === '.M' ? parsePointer(texts?.get(edit.blob) ?? '') : undefined
    if (!pointer || !(await hasContentOf(join(path, edit.file), pointer))) found.push(edit)
  }
  return found
}

/** `1 XY sub mH mI mW hH hI path`, or `u XY sub m1 m2 m3 mW h1 h2 h3 path` where it is unmerged. */
function parseStatus(output: string): readonly Edit[] {
  return output.split('\0').flatMap((line) => {
    const [, kind, state = '', rest = ''] = /^([1u]) (..) (.*)$/s.exec(line) ?? []
    if (kind === undefined) return []
    const words = kind === '1' ? 6 : 8
    const fields = rest.split(' ')
    return [{ state, blob: fields[words - 1] ?? '', file: fields.slice(words).join(' ') }]
  })
}

/** Without what an interrupted move left. */
async function byPeople(
  edits: readonly Edit[],
  { path, run, read }: Copy,
  call?: Call,
): Promise<readonly Edit[]> {
  const interrupted = edits.length === 0 ? undefined : await interruptedMove(path, { run, read }, call)
  if (!interrupted) return edits
  const found: Edit[] = []
  for (const edit of edits) if (!(await interrupted.left(edit.file))) found.push(edit)
  return found
}

async function commitEdits(edits: readonly Edit[], copy: Copy, call?: Call): Promise<string> {
  const { path, git, read } = copy
  const head = await commitOf(read, path, 'HEAD', call)
  const commitIndex = async (message: string, ...others: readonly string[]): Promise<string> => {
    const tree = (await git(['write-tree'])).trim()
    const parents = [...(head === undefined ? [] : [head]), ...others].flatMap((parent) => ['-p', parent])
    const args = ['-c', 'commit.gpgSign=false', 'commit-tree', tree, ...parents, '-m', message]
    return (await git(args)).trim()
  }
  const unmerged = edits.some(({ state }) => /U|AA|DD/.test(state))
  const changedAgain = edits.some(({ state }) => /^[^.][^.]$/.test(state))
  // An index with conflicts can't be written as a tree; what conflicts are about are commits anyway.
  const staged =
    changedAgain && !unmerged ? [await commitIndex('Staged edits that a deployment replaced')] : []
  await stage(edits, copy)
  return commitIndex('Tracked edits that a deployment replaced', ...staged)
}

/** Puts the edited files alone into the index: what git-lfs wrote, or a move left, isn't part of the edits. */
async function stage(edits: readonly Edit[], { path, git }: Copy): Promise<void> {
  const there: string[] = []
  const gone: string[] = []
  for (const { file, state } of edits) {
    // Staged as it is in the tree.
    if (state.endsWith('.')) continue
    const stat = (await isBehindLink(path, file)) ? undefined : await lstatOrNothing(join(path, file))
    const isFile = stat !== undefined && (stat.isFile() || stat.isSymbolicLink())
    if (isFile) there.push(file)
    else gone.push(file)
  }
  const update = async (files: readonly string[], ...options: readonly string[]): Promise<void> => {
    const input = files.map((file) => `${file}\0`).join('')
    if (files.length > 0) await git(['update-index', ...options, '-z', '--stdin'], input)
  }
  await update(gone, '--force-remove')
  await update(there, '--add')
}
