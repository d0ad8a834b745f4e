import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { type Entry, isSame, lstatOrNothing, parseTree, readStored } from './blob.ts'
import { commitOf, type ReadGit } from './reads.ts'

/** Stands while the tree is being moved; after a crash it tells which commit the half updated tree was to get. */
export const movingRef = 'refs/fairway/moving'

/** A move that never came to its end. */
export interface InterruptedMove {
  readonly commit: string
  /** Whether what lies at a path, or its absence, is that move's doing rather than a person's. */
  left(file: string): Promise<boolean>
}

export async function interruptedMove(
  path: string,
  read: ReadGit,
  call?: Call,
): Promise<InterruptedMove | undefined> {
  const commit = await commitOf(read, path, movingRef, call)
  if (commit === undefined) return undefined
  const listed = await read(path, ['ls-tree', '-r', '-z', '--full-tree', commit], call)
  const entries = new Map(parseTree(listed).map((entry) => [entry.file, entry]))
  return {
    commit,
    async left(file) {
      if ((await lstatOrNothing(join(path, file))) === undefined) return true
      const entry = entries.get(file)
      return entry !== undefined && isWritten(path, entry, read, call)
    },
  }
}

/** Whether a file is the entry's, or its beginning: git was killed while it wrote. */
async function isWritten(path: string, entry: Entry, read: ReadGit, call?: Call): Promise<boolean> {
  const stored = await readStored(join(path, entry.file))
  if (!stored) return false
  if (isSame(stored, entry)) return true
  if (stored.link) return false
  const whole = await read(path, ['cat-file', 'blob', entry.blob], call)
  // Cut inside a character, the text ends in up to three replacement characters.
  return whole.startsWith(stored.content.toString('utf8').replace(/\ufffd{1,3}$/, ''))
}
