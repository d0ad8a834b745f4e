import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { findDirectories } from './directories.ts'
import { readIndex } from './read-index.ts'
import type { ReadGit } from './reads.ts'

/** What git status says nothing of. */
export interface SpecialFiles {
  /** Files with `assume-unchanged` or `skip-worktree`. */
  readonly hidden: readonly string[]
  readonly submodules: readonly string[]
}

/** Reads them from the index, anew only where that changed. */
export function specialFiles(
  read: ReadGit,
): (path: string, idBytes: number, call?: Call) => Promise<SpecialFiles> {
  const known = new Map<string, { readonly stamp: string; readonly special: SpecialFiles }>()
  return async (path, idBytes, call) => {
    const index = join((await findDirectories(path, read, call)).own, 'index')
    const stamp = await stampOf(index)
    const before = known.get(index)
    if (stamp !== undefined && before?.stamp === stamp) return before.special
    const special = (await fromIndex(index, idBytes)) ?? (await fromGit(path, read, call))
    if (stamp !== undefined) known.set(index, { stamp, special })
    return special
  }
}

/** Git writes a new file for each new index. */
async function stampOf(index: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await lstat(index, { bigint: true })
    return [ino, size, mtimeNs, ctimeNs].join(':')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function fromIndex(index: string, idBytes: number): Promise<SpecialFiles | undefined> {
  const entries = await readIndex(index, idBytes)
  return (
    entries &&
    sort(entries.map(({ file, mode, isHidden }) => ({ file, isHidden, isSubmodule: mode === 0o160000 })))
  )
}

/** `H 100644 ID 0`, a tab, the path. */
async function fromGit(path: string, read: ReadGit, call?: Call): Promise<SpecialFiles> {
  const listed = await read(path, ['ls-files', '-v', '--stage', '-z', '--full-name'], call)
  const lines = listed.split('\0').filter((line) => line !== '')
  return sort(
    lines.map((line) => ({
      file: line.slice(line.indexOf('\t') + 1),
      isHidden: /^[a-zS]/.test(line),
      isSubmodule: line.startsWith('160000', 2),
    })),
  )
}

function sort(
  entries: readonly { readonly file: string; readonly isHidden: boolean; readonly isSubmodule: boolean }[],
): SpecialFiles {
  return {
    hidden: entries.filter(({ isHidden }) => isHidden).map(({ file }) => file),
    submodules: entries.filter(({ isSubmodule }) => isSubmodule).map(({ file }) => file),
  }
}
