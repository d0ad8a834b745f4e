import { shellWord } from '../../shell-word.ts'
import { readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Git } from '../git.ts'
import { ancestors, isBehindLink } from './behind-link.ts'
import { type Entry, isSame, lstatOrNothing, parseTree, readStored } from './blob.ts'
import type { RunGit } from './command.ts'
import { listConverted } from './conversions.ts'
import { onDisk } from './disk.ts'
import { keepEdits } from './edits.ts'
import { keepCommits } from './keep-commits.ts'
import { unhide } from './hidden.ts'
import { interruptedMove, movingRef } from './interrupted-move.ts'
import { lfsSettings, listPointersLeft } from './lfs.ts'
import { locate } from './locate.ts'
import { refuseOtherWorktree } from './other-worktree.ts'
import { prepareContent } from './prepare.ts'
import { isListed, type ReadGit } from './reads.ts'
import { removeStaleLocks } from './stale-locks.ts'
import { nameFiles, unsupportedError } from './unsupported.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly hasLfs: () => Promise<boolean>
}

/** What looks at the files of a checkout and moves them. */
export function gitTree(tools: Tools): Pick<Git, 'inTheWay' | 'keepEdits' | 'keepCommits' | 'moveTo'> {
  const { run, read } = tools
  return {
    async inTheWay(path, commit, call) {
      const found = new Set<string>()
      const added = await listAdded(path, commit, read, call)
      for (const entry of [...added.entries, ...(await listMissing(path, commit, tools, call))]) {
        for (const file of await blockers(path, entry, read, call)) found.add(file)
      }
      for (const file of await filledSubmodules(path, added)) found.add(file)
      const interrupted = found.size === 0 ? undefined : await interruptedMove(path, tools, call)
      for (const file of found) if (await interrupted?.left(file)) found.delete(file)
      return [...found].toSorted()
    },

    keepEdits: (path, time, call) => keepEdits(path, time, tools, call),
    keepCommits: (path, tip, time, call) => keepCommits(path, tip, time, tools, call),

    async moveTo(checkout, branch, commit, call) {
      const { path, timeout } = checkout
      const doing = `Cannot move ${path} to ${commit}`
      await onDisk(doing, path, async () => {
        await refuseOtherWorktree(path, branch, doing, read, call)
        await removeStaleLocks(path, read, call)
        const prepared = await prepareContent(checkout, commit, tools, call)
        if ('unsupported' in prepared) throw unsupportedError(doing, prepared.unsupported)
        const { lfs } = prepared
        await removeLeftovers(path, tools, call)
        await unhide({ path }, run, read, call)
        await run({ path, args: ['update-ref', movingRef, commit], doing }, call)
        await outdate(path, [
          ...(await listPointersLeft(path, lfs)),
          ...(await listConverted(path, commit, tools, call)),
        ])
        // One command from every state: right branch, wrong branch, detached, no commit yet.
        const args = ['checkout', '--quiet', '--force', '--no-guess', '-B', branch, commit, '--']
        const settings = lfs.length > 0 ? lfsSettings : []
        await run({ path, args, settings, timeout, live: 'stderr', doing }, call)
        const left = await listPointersLeft(path, lfs)
        if (left.length > 0) throw pointersLeft(doing, path, left)
        await run({ path, args: ['update-ref', '-d', movingRef], doing }, call)
      })
    },
  }
}

/** Makes git write these files anew: what it wrote once, without git-lfs or by other attributes, it takes for current. */
async function outdate(path: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const stat = await lstatOrNothing(join(path, file))
    if (stat?.isFile() && !(await isBehindLink(path, file))) await utimes(join(path, file), 1, 1)
  }
}

function pointersLeft(doing: string, path: string, files: readonly string[]): DeployError {
  return new DeployError(
    'content_unsupported',
    `${doing}: Git LFS left pointers instead of ${nameFiles(files)}`,
    { hint: `See why with: git -C ${shellWord(path)} lfs pull` },
  )
}

interface Added {
  readonly entries: readonly Entry[]
  /** Submodules that the index has and the commit hasn't. */
  readonly submodules: readonly string[]
}

async function listAdded(path: string, commit: string, read: ReadGit, call?: Call): Promise<Added> {
  const options = ['--cached', '--raw', '--no-abbrev', '--no-renames', '--ignore-submodules=none', '-z']
  return parseAdded(await read(path, ['diff-index', ...options, commit, '--'], call))
}

/** What the commit has and the tree hasn't, though the index has: something else may lie in its place. */
async function listMissing(
  path: string,
  commit: string,
  { run, read }: Tools,
  call?: Call,
): Promise<readonly Entry[]> {
  const args = ['diff-files', '--name-only', '--diff-filter=D', '--ignore-submodules=all', '-z']
  const missing = (await run({ path, args, doing: `Cannot look for missing files of ${path}` }, call)).stdout
  if (missing === '') return []
  const listed = await read(path, ['ls-tree', '-r', '-z', '--full-tree', commit], call)
  const names = new Set(missing.split('\0'))
  return parseTree(listed).filter(({ file }) => names.has(file))
}

/** Removes what an interrupted move wrote and the index doesn't know: nothing else would ever take it away. */
async function removeLeftovers(path: string, tools: Tools, call?: Call): Promise<void> {
  const interrupted = await interruptedMove(path, tools, call)
  if (!interrupted) return
  for (const { file } of (await listAdded(path, interrupted.commit, tools.read, call)).entries) {
    // Where a file lies by now that it had a folder for, there is nothing to remove, and no way to it.
    const isThere = (await lstatOrNothing(join(path, file))) !== undefined
    if (isThere && !(await isBehindLink(path, file)) && (await interrupted.left(file))) {
      await rm(join(path, file), { force: true })
    }
  }
}

/** What the commit has and the index hasn't, from `diff-index --raw -z`: `:MODE MODE BLOB BLOB STATUS`, then the path. */
function parseAdded(raw: string): Added {
  const fields = raw.split('\0')
  const entries: Entry[] = []
  const submodules: string[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [mode = '', indexed, blob = '', , status] = (fields[i] ?? '').split(' ')
    const file = fields[i + 1] ?? ''
    if (status === 'D') entries.push({ mode: mode.slice(1), blob, file })
    if (indexed === '160000' && mode !== ':160000') {
      submodules.push(file)
      if (status === 'T') entries.push({ mode: mode.slice(1), blob, file })
    }
  }
  return { entries, submodules }
}

/** Submodules of the index that aren't empty, where the commit has a file or a folder: git would destroy or mix them. */
async function filledSubmodules(path: string, { entries, submodules }: Added): Promise<readonly string[]> {
  const found: string[] = []
  for (const submodule of submodules) {
    const isReplaced = entries.some(({ file }) => file === submodule || file.startsWith(`${submodule}/`))
    if (!isReplaced || (await isBehindLink(path, submodule))) continue
    const stat = await lstatOrNothing(join(path, submodule))
    if (stat?.isDirectory() && (await readdir(join(path, submodule))).length > 0) found.push(`${submodule}/`)
  }
  return found
}

/** The untracked files that checking out one entry would destroy. */
async function blockers(path: string, entry: Entry, read: ReadGit, call?: Call): Promise<readonly string[]> {
  const parents = ancestors(entry.file)
  for (const parent of parents) {
    const stat = await lstatOrNothing(await locate(path, parent))
    if (stat === undefined) return []
    // A file or link where the push has a folder; a tracked one goes with the push, and its edits are kept.
    if (!stat.isDirectory()) return (await isListed(path, parent, read, call)) ? [] : [parent]
  }
  const place = await locate(path, entry.file)
  const stat = await lstatOrNothing(place)
  if (stat === undefined || entry.mode === '160000') return []
  if (stat.isDirectory()) return untrackedBelow(path, entry.file, read, call)
  const stored = await readStored(place)
  return stored && isSame(stored, entry) ? [] : [entry.file]
}

async function untrackedBelow(
  path: string,
  folder: string,
  read: ReadGit,
  call?: Call,
): Promise<readonly string[]> {
  const listed = await read(path, ['--literal-pathspecs', 'ls-files', '--others', '-z', '--', folder], call)
  return listed.split('\0').filter((file) => file !== '')
}
