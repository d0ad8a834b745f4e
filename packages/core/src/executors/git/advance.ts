import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Environment } from '../environment.ts'
import type { Checkout, Git } from '../git.ts'
import type { RunGit } from './command.ts'
import { readCommitObject } from './commit-object.ts'
import { learnChanged } from './changed-files.ts'
import { isPlain } from './directories.ts'
import { onDisk } from './disk.ts'
import { movingRef } from './interrupted-move.ts'
import { hasOwnCommits } from './keep-commits.ts'
import { isMarked, mark, unmark } from './moving-mark.ts'
import { mayNameFilters } from './name-filters.ts'
import { plainRepository } from './plain-repository.ts'
import { type Indexed, readIndex } from './read-index.ts'
import { commitOf, type ReadGit } from './reads.ts'
import { readSettings, recallSettings } from './settings.ts'
import { type ChangedFile, changesBetween } from './tree-objects.ts'
import { untouchedSince } from './untouched.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly environment: Environment
}

interface Move {
  readonly path: string
  readonly branch: string
  /** What is checked out. */
  readonly head: string
  /** What is to be. */
  readonly commit: string
}

/**
 * The short way of a pull, for the usual checkout: a few looks at what could stand in its way, and a checkout that git itself
 * refuses where something does. All that isn't plain is left to the long way.
 */
export function gitAdvance(tools: Tools): Pick<Git, 'advance'> {
  return {
    async advance(checkout, branch, commit, call) {
      call?.signal?.throwIfAborted()
      const { path } = checkout
      const head = await plainHead(path, branch, tools.read, call)
      if (head === undefined) return false
      const move = { path, branch, head, commit }
      if (!(await isHarmless(move, tools, call))) return false
      return head === commit || moveGently(checkout, move, tools.run, call)
    },
  }
}

/** The commit of a plain checkout that is on this branch, has no other worktrees, and in which no move was cut off. */
async function plainHead(
  path: string,
  branch: string,
  read: ReadGit,
  call?: Call,
): Promise<string | undefined> {
  const directory = join(path, '.git')
  if (!(await isPlain(path)) || (await isMarked(directory))) return undefined
  if ((await textOf(directory, 'HEAD')) !== `ref: refs/heads/${branch}\n`) return undefined
  if ((await namesIn(directory, 'worktrees')).length > 0) return undefined
  const own = (await textOf(directory, 'refs', 'heads', branch)).trim()
  return /^[0-9a-f]{40,64}$/.test(own) ? own : commitOf(read, path, 'HEAD', call)
}

/** Whether the move can lose nothing, and the commit needs nothing but git. */
async function isHarmless(move: Move, tools: Tools, call?: Call): Promise<boolean> {
  const { path, head, commit } = move
  const { read, environment } = tools
  const settings = recallSettings(path, call) ?? (await readSettings(path, read, call))
  if (settings.some(([key]) => oddSettings.has(key))) return false
  const index = await readIndex(join(path, '.git', 'index'), head.length / 2)
  if (!index || index.some(isOdd)) return false
  const tracked = index.map(({ file }) => file).filter(isAttributes)
  if (await mayNameFilters({ path, tracked, settings, environment })) return false
  try {
    const looks = [isClean(move, tools, call)]
    if (head !== commit) looks.push(changesNothingOdd(move, read, call), losesNoCommits(move, read, call))
    return !(await Promise.all(looks)).includes(false)
  } catch (error) {
    // The long way tells what is the matter.
    if (isDeployError(error, 'git_failed')) return false
    throw error
  }
}

/** Of files that lie elsewhere, or not all of which do, and of refs that other users write too. */
const oddSettings: ReadonlySet<string> = new Set([
  'core.worktree',
  'core.sparsecheckout',
  'core.sharedrepository',
])

/** What may hide edits, and submodules. */
function isOdd({ mode, isHidden }: Indexed): boolean {
  return isHidden || mode === 0o160000
}

function isAttributes(file: string): boolean {
  return basename(file) === '.gitattributes'
}

async function isClean({ path, head }: Move, { run, read }: Tools, call?: Call): Promise<boolean> {
  if (await untouchedSince(path, head, read, call)) return true
  const options = ['--porcelain=v2', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=all']
  // Looking changes nothing, not even what the index knows of the files.
  const variables = { GIT_OPTIONAL_LOCKS: '0' }
  const doing = `Cannot look for edits in ${path}`
  return (await run({ path, args: ['status', ...options], variables, doing }, call)).stdout === ''
}

/** Whether no submodule and no attributes are among the changes. */
async function changesNothingOdd(move: Move, read: ReadGit, call?: Call): Promise<boolean> {
  const { path, head, commit } = move
  const changed = (await changesPlainly(move, read, call)) ?? (await askForChanges(move, read, call))
  learnChanged(
    path,
    head,
    commit,
    changed.map(({ file }) => file),
    call,
  )
  return !changed.some(({ file, before, after }) => isAttributes(file) || [before, after].includes('160000'))
}

/** Without a process, where the trees lie in files of their own. */
async function changesPlainly(
  { path, head, commit }: Move,
  read: ReadGit,
  call?: Call,
): Promise<readonly ChangedFile[] | undefined> {
  const repository = await plainRepository(path, read, call)
  if (!repository) return undefined
  const { directory } = repository
  const [before, after] = await Promise.all([head, commit].map((id) => readCommitObject(directory, id)))
  return before && after && changesBetween(directory, before.tree, after.tree)
}

/** From `:MODE MODE BLOB BLOB STATUS`, then the path. */
async function askForChanges(
  { path, head, commit }: Move,
  read: ReadGit,
  call?: Call,
): Promise<readonly ChangedFile[]> {
  const options = ['-r', '-z', '--raw', '--no-renames', '--ignore-submodules=none']
  const fields = (await read(path, ['diff-tree', ...options, head, commit, '--'], call)).split('\0')
  return fields.flatMap((file, i) => {
    const [before = '', after = ''] = (fields[i - 1] ?? '').slice(1).split(' ')
    return i % 2 === 1 ? [{ file, before, after }] : []
  })
}

async function losesNoCommits({ path, head, commit }: Move, read: ReadGit, call?: Call): Promise<boolean> {
  return (await isDeployed(path, head)) || !(await hasOwnCommits(path, head, commit, read, call))
}

/** Whether a deployment recorded this commit, as far as that is seen at once. */
async function isDeployed(path: string, commit: string): Promise<boolean> {
  const deployed = join(path, '.git', 'refs', 'fairway', 'deployed')
  const commits = (await namesIn(deployed)).map(async (name) => textOf(deployed, name))
  return (await Promise.all(commits)).includes(`${commit}\n`)
}

/** Without force: what came there since the look makes git refuse. */
async function moveGently(
  { timeout }: Checkout,
  { path, branch, commit }: Move,
  run: RunGit,
  call?: Call,
): Promise<boolean> {
  const directory = join(path, '.git')
  const doing = `Cannot move ${path} to ${commit}`
  const end = async (): Promise<void> => {
    if (!(await unmark(directory))) await run({ path, args: ['update-ref', '-d', movingRef], doing }, call)
  }
  return onDisk(doing, path, async () => {
    await mark(directory, commit)
    try {
      const options = ['--quiet', '--no-guess', '--no-overwrite-ignore']
      const args = ['checkout', ...options, '-B', branch, commit, '--']
      await run({ path, args, timeout, doing }, call)
    } catch (error) {
      // So git says where it has changed nothing, as something is in the way.
      if (!isDeployError(error, 'git_failed') || !error.output.includes('Aborting')) throw error
      await end()
      return false
    }
    await end()
    return true
  })
}

async function textOf(...names: readonly string[]): Promise<string> {
  try {
    return await readFile(join(...names), 'utf8')
  } catch (error) {
    return nothing(error, '')
  }
}

async function namesIn(...names: readonly string[]): Promise<readonly string[]> {
  try {
    return await readdir(join(...names))
  } catch (error) {
    return nothing(error, [])
  }
}

/** What isn't there is empty. */
function nothing<T>(error: unknown, empty: T): T {
  if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return empty
  throw error
}
