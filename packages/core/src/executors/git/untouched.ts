import { type BigIntStats, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Call } from '../../run.ts'
import { ancestors } from './behind-link.ts'
import { isSame, readStored } from './blob.ts'
import { readCommitObject } from './commit-object.ts'
import { plainRepository } from './plain-repository.ts'
import { type Indexed, readWholeIndex } from './read-index.ts'
import type { ReadGit } from './reads.ts'

/** Files above which git is asked, which looks at many at once. */
const most = 20_000
/** Files after which others have their turn. */
const atOnce = 250

/**
 * The tracked files of a checkout where each lies there as a commit has it, and the index has just that, seen as git sees it: by
 * what the index noted of each file (git-update-index(1)), or by its content where that may be too old. Undefined where that can't be
 * told without git: then something may be edited.
 */
export async function untouchedSince(
  path: string,
  commit: string,
  read: ReadGit,
  call?: Call,
): Promise<ReadonlySet<string> | undefined> {
  const repository = await plainRepository(path, read, call)
  const found = repository && (await readCommitObject(repository.directory, commit))
  return found && untouchedFiles(path, found.tree, call)
}

async function untouchedFiles(
  path: string,
  tree: string,
  call?: Call,
): Promise<ReadonlySet<string> | undefined> {
  const index = await readWholeIndex(join(path, '.git', 'index'), 20)
  if (!index || index.tree !== tree || index.entries.length > most || index.entries.some(isOdd))
    return undefined
  const folders = new Map<string, boolean>()
  for (const [at, entry] of index.entries.entries()) {
    if (at % atOnce === atOnce - 1) await setImmediate()
    call?.signal?.throwIfAborted()
    if (!ancestors(entry.file).every((folder) => isFolder(path, folder, folders))) return undefined
    const stat = statOf(join(path, entry.file))
    if (!stat || !isAsNoted(stat, entry)) return undefined
    // It was written when the index was, and perhaps once more after that.
    if (stat.mtimeNs >= index.mtimeNs && !(await hasContent(path, entry))) return undefined
  }
  return new Set(index.entries.map(({ file }) => file))
}

/** Not looked at by git, or not one version of a file. */
function isOdd({ mode, isHidden, isUnsettled, file }: Indexed): boolean {
  return isHidden || isUnsettled || ![0o100644, 0o100755, 0o120000].includes(mode) || file.includes('\ufffd')
}

/** A link there would show files of elsewhere. */
function isFolder(path: string, folder: string, known: Map<string, boolean>): boolean {
  const before = known.get(folder)
  if (before !== undefined) return before
  const is = statOf(join(path, folder))?.isDirectory() === true
  known.set(folder, is)
  return is
}

function statOf(place: string): BigIntStats | undefined {
  try {
    return lstatSync(place, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Git keeps the lower half of each number. */
function isAsNoted(stat: BigIntStats, { mode, noted }: Indexed): boolean {
  if (mode === 0o120000 ? !stat.isSymbolicLink() : !stat.isFile()) return false
  const { ctimeNs, mtimeNs, ino, uid, gid, size } = stat
  const times = [ctimeNs / second, ctimeNs % second, mtimeNs / second, mtimeNs % second]
  return [...times, ino, uid, gid, size].every((value, i) => Number(value & 0xffff_ffffn) === noted[i])
}

const second = 1_000_000_000n

async function hasContent(path: string, { file, mode, id }: Indexed): Promise<boolean> {
  const stored = await readStored(join(path, file))
  return stored !== undefined && isSame(stored, { file, mode: mode.toString(8), blob: id })
}
