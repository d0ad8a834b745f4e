import { join } from 'node:path'
import type { Call } from '../../run.ts'
import type { BesideFile, ContentsOptions } from '../git.ts'
import { isBehindLink } from './behind-link.ts'
import { isSame, lstatOrNothing, readStored } from './blob.ts'
import type { RunGit } from './command.ts'
import type { DigestFile } from './file-digests.ts'
import { idsAt } from './ids-at.ts'
import { hasContentOf, parsePointer } from './lfs-pointer.ts'
import type { ReadGit } from './reads.ts'
import { readSmallBlobs } from './small-blobs.ts'
import type { Edited } from './status.ts'
import { isWithin } from './within.ts'

/** What is looked at, and with what. */
export interface Look extends Required<ContentsOptions> {
  readonly path: string
  readonly commit: string
  /** Not below one another. */
  readonly folders: readonly string[]
  readonly run: RunGit
  readonly read: ReadGit
  readonly digest: DigestFile
}

/** Tracked files that differ from HEAD, as they lie there. */
export async function findEdited(
  { path, skip, run, digest }: Look,
  edited: readonly Edited[],
  call?: Call,
): Promise<readonly BesideFile[]> {
  const counting = edited.filter(({ file }) => !skip(file, false))
  // What git-lfs wrote differs from its pointer: filters are off, so that git tells the two apart by their content.
  const touched = counting.filter(({ state }) => state === '.M').map(({ index }) => index)
  const texts = touched.length === 0 ? undefined : await readSmallBlobs(path, touched, run, call)
  const found: BesideFile[] = []
  for (const edit of counting) {
    const { file, state, head, index } = edit
    const place = join(path, file)
    if (isGone(edit) || (await isBehindLink(path, file))) {
      found.push({ file })
      continue
    }
    const pointer = state === '.M' ? parsePointer(texts?.get(index) ?? '') : undefined
    if (pointer && (await hasContentOf(place, pointer))) continue
    // Staged, and put back in the tree.
    const stored = state.startsWith('.') ? undefined : await readStored(place)
    if (stored && head.blob !== '' && isSame(stored, { ...head, file })) continue
    found.push({ file, ...(await digest(place)) })
  }
  return found
}

/** Files that git was told not to look at: gone, as in a sparse checkout, or of other content than the commit's. */
export async function findHidden(
  { path, commit, folders, edits, skip, run, read, digest }: Look,
  hidden: readonly string[],
  call?: Call,
): Promise<readonly BesideFile[]> {
  const counting = hidden.filter(
    (file) => !skip(file, false) && folders.some((folder) => isWithin(file, folder)),
  )
  const ids = await idsAt(path, commit, counting, { run, read }, call)
  const found: BesideFile[] = []
  for (const [file, blob] of ids) {
    const place = join(path, file)
    if ((await isBehindLink(path, file)) || (await lstatOrNothing(place)) === undefined) found.push({ file })
    // A pull ends the hiding, and replaces the edits.
    else if (edits) {
      const stored = await readStored(place)
      const mode = stored?.link === true ? '120000' : '100644'
      if (!stored || !isSame(stored, { mode, blob, file })) found.push({ file, ...(await digest(place)) })
    }
  }
  return found
}

/** Folders where git has a file: it tells nothing of what is in them. */
export async function foldersInstead(path: string, edited: readonly Edited[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const { file } of edited.filter(isGone)) {
    const stat = await lstatOrNothing(join(path, file))
    if (stat?.isDirectory() === true && !(await isBehindLink(path, file))) found.push(file)
  }
  return found
}

function isGone({ state }: Edited): boolean {
  return /D$|^D\.$/.test(state)
}
