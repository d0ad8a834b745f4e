import { copyFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { findDirectories } from './directories.ts'
import { onDisk } from './disk.ts'
import type { ReadGit } from './reads.ts'

/** An index of Fairway's own beside the checkout's, so that looking changes nothing there; gone afterwards. */
export async function withOwnIndex<T>(
  path: string,
  doing: string,
  read: ReadGit,
  use: (index: string, gitDirectory: string) => Promise<T>,
  call?: Call,
): Promise<T> {
  const { own: gitDirectory } = await findDirectories(path, read, call)
  const index = join(gitDirectory, 'fairway-index')
  return onDisk(doing, path, async () => {
    try {
      await rm(index, { force: true })
      return await use(index, gitDirectory)
    } finally {
      await rm(index, { force: true })
    }
  })
}

/** Copies the checkout's index; false where there is none, as before anything was ever staged. */
export async function copyIndex(gitDirectory: string, to: string): Promise<boolean> {
  const from = join(gitDirectory, 'index')
  try {
    await copyFile(from, to)
    // Git compares the content of files that are not older than the index; a younger copy would hide their edits.
    const { atime, mtimeMs } = await stat(from)
    await utimes(to, atime, Math.floor(mtimeMs) / 1000)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
