import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Call } from '../../run.ts'
import type { Git } from '../git.ts'
import { type Entry, isSame, lstatOrNothing, parseTree, readStored } from './blob.ts'
import type { RunGit } from './command.ts'
import { keepEdits } from './edits.ts'
import { unhide } from './hidden.ts'
import { interruptedMove, movingRef } from './interrupted-move.ts'
import { isListed, type ReadGit } from './reads.ts'
import { removeStaleLocks } from './stale-locks.ts'

/** What looks at the files of a checkout and moves them. */
export function gitTree(run: RunGit, read: ReadGit): Pick<Git, 'inTheWay' | 'keepEdits' | 'moveTo'> {
  return {
    async inTheWay(path, commit, call) {
      const found = new Set<string>()
      const entries = [
        ...(await listAdded(path, commit, read, call)),
        ...(await listMissing(path, commit, read, call)),
      ]
      for (const entry of entries) {
        for (const file of await blockers(path, entry, read, call)) found.add(file)
      }
      const interrupted = found.size === 0 ? undefined : await interruptedMove(path, read, call)
      for (const file of found) if (await interrupted?.left(file)) found.delete(file)
      return [...found].toSorted()
    },

    keepEdits: (path, time, call) => keepEdits(path, time, run, read, call),

    async moveTo({ path, timeout }, branch, commit, call) {
      const doing = `Cannot move ${path} to ${commit}`
      await removeStaleLocks(path, read, call)
      await removeLeftovers(path, read, call)
      await unhide({ path }, run, read, call)
      await run({ path, args: ['update-ref', movingRef, commit], doing }, call)
      // One command from every state: right branch, wrong branch, detached, no commit yet.
      const args = ['checkout', '--quiet', '--force', '--no-guess', '-B', branch, commit, '--']
      await run({ path, args, timeout, live: 'stderr', doing }, call)
      await run({ path, args: ['update-ref', '-d', movingRef], doing }, call)
    },
  }
}

async function listAdded(
  path: string,
  commit: string,
  read: ReadGit,
  call?: Call,
): Promise<readonly Entry[]> {
  const options = ['--cached', '--raw', '--no-abbrev', '--no-renames', '-z']
  return addedEntries(await read(path, ['diff-index', ...options, commit, '--'], call))
}

/** What the commit has and the tree hasn't, though the index has: something else may lie in its place. */
async function listMissing(
  path: string,
  commit: string,
  read: ReadGit,
  call?: Call,
): Promise<readonly Entry[]> {
  const missing = await read(path, ['diff-files', '--name-only', '--diff-filter=D', '-z'], call)
  if (missing === '') return []
  const listed = await read(path, ['ls-tree', '-r', '-z', '--full-tree', commit], call)
  const names = new Set(missing.split('\0'))
  return parseTree(listed).filter(({ file }) => names.has(file))
}

/** Removes what an interrupted move wrote and the index doesn't know: nothing else would ever take it away. */
async function removeLeftovers(path: string, read: ReadGit, call?: Call): Promise<void> {
  const interrupted = await interruptedMove(path, read, call)
  if (!interrupted) return
  for (const { file } of await listAdded(path, interrupted.commit, read, call)) {
    if (!(await isBehindLink(path, file)) && (await interrupted.left(file))) {
      await rm(join(path, file), { force: true })
    }
  }
}

/** Whether a parent is a symbolic link: what lies there is not the checkout's. */
async function isBehindLink(path: string, file: string): Promise<boolean> {
  const stats = await Promise.all(ancestors(file).map((parent) => lstatOrNothing(join(path, parent))))
  return stats.some((stat) => stat?.isSymbolicLink())
}

/** What the commit has and the index hasn't, from `diff-index --raw -z`: `:MODE 000000 BLOB 0000 D`, then the path. */
function addedEntries(raw: string): readonly Entry[] {
  const fields = raw.split('\0')
  const entries: Entry[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [mode = '', , blob = '', , status] = (fields[i] ?? '').split(' ')
    if (status === 'D') entries.push({ mode: mode.slice(1), blob, file: fields[i + 1] ?? '' })
  }
  return entries
}

/** The untracked files that checking out one entry would destroy. */
async function blockers(path: string, entry: Entry, read: ReadGit, call?: Call): Promise<readonly string[]> {
  const parents = ancestors(entry.file)
  for (const parent of parents) {
    const stat = await lstatOrNothing(join(path, parent))
    if (stat === undefined) return []
    // A file or link where the push has a folder; a tracked one goes with the push, and its edits are kept.
    if (!stat.isDirectory()) return (await isListed(path, parent, read, call)) ? [] : [parent]
  }
  const stat = await lstatOrNothing(join(path, entry.file))
  if (stat === undefined || entry.mode === '160000') return []
  if (stat.isDirectory()) return untrackedBelow(path, entry.file, read, call)
  const stored = await readStored(join(path, entry.file))
  return stored && isSame(stored, entry) ? [] : [entry.file]
}

function ancestors(file: string): readonly string[] {
  const parent = dirname(file)
  return parent === '.' ? [] : [...ancestors(parent), parent]
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
