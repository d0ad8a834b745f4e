import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { isBehindLink } from './behind-link.ts'
import { type Entry, isSame, lstatOrNothing } from './blob.ts'
import type { RunGit } from './command.ts'
import type { Content } from './content.ts'
import { findDirectories } from './directories.ts'
import { parsePointer, type Pointer } from './lfs-pointer.ts'
import type { ReadGit } from './reads.ts'
import { readSmallBlobs } from './small-blobs.ts'

/** A file that git has only a pointer of. */
export interface LfsFile extends Entry {
  readonly pointer: Pointer
  /** Bytes of the pointer itself. */
  readonly length: number
}

/** What git-lfs is run with, whatever any configuration says: git's only filter here. */
export const lfsSettings = [
  'filter.lfs.process=git-lfs filter-process',
  'filter.lfs.smudge=git-lfs smudge -- %f',
  'filter.lfs.clean=git-lfs clean -- %f',
  'filter.lfs.required=true',
  // A repository's own .lfsconfig could ask for pointers to be left.
  'lfs.fetchinclude=',
  'lfs.fetchexclude=',
  'lfs.skipdownloaderrors=false',
  'lfs.fetchrecentalways=false',
] as const

/** The files whose attributes name Git LFS and whose content is a pointer. */
export async function listLfsFiles(
  path: string,
  { entries, filters }: Content,
  run: RunGit,
  call?: Call,
): Promise<readonly LfsFile[]> {
  const named = entries.filter(({ file, mode }) => filters.get(file) === 'lfs' && mode.startsWith('100'))
  if (named.length === 0) return []
  const ids = named.map(({ blob }) => blob)
  const texts = await readSmallBlobs(path, ids, run, call)
  return named.flatMap((entry) => {
    const text = texts.get(entry.blob) ?? ''
    const pointer = parsePointer(text)
    return pointer ? [{ ...entry, pointer, length: Buffer.byteLength(text) }] : []
  })
}

/** Those of the files that lie in the tree as pointers, to the byte. */
export async function listPointersLeft(path: string, files: readonly LfsFile[]): Promise<readonly string[]> {
  const left: string[] = []
  for (const file of files) if (await isPointerLeft(path, file)) left.push(file.file)
  return left
}

/** Where git-lfs keeps contents, unless it is configured to keep them elsewhere. */
export async function lfsObjects(path: string, read: ReadGit, call?: Call): Promise<string> {
  const { common } = await findDirectories(path, read, call)
  return join(common, 'lfs', 'objects')
}

async function isPointerLeft(path: string, entry: LfsFile): Promise<boolean> {
  const place = join(path, entry.file)
  const stat = await lstatOrNothing(place)
  if (!stat?.isFile() || Number(stat.size) !== entry.length) return false
  if (await isBehindLink(path, entry.file)) return false
  return isSame({ content: await readFile(place), link: false }, entry)
}
