import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { type Entry, isSame, lstatOrNothing, parseTree, readStored } from './blob.ts'
import type { RunGit } from './command.ts'
import { lfsObjects } from './lfs.ts'
import { hasBeginningOf, parsePointer } from './lfs-pointer.ts'
import { commitOf, type ReadGit } from './reads.ts'
import { readSmallBlobs } from './small-blobs.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
}

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
  tools: Tools,
  call?: Call,
): Promise<InterruptedMove | undefined> {
  const { read } = tools
  const commit = await commitOf(read, path, movingRef, call)
  if (commit === undefined) return undefined
  const listed = await read(path, ['ls-tree', '-r', '-z', '--full-tree', commit], call)
  const entries = new Map(parseTree(listed).map((entry) => [entry.file, entry]))
  return {
    commit,
    async left(file) {
      if ((await lstatOrNothing(join(path, file))) === undefined) return true
      const entry = entries.get(file)
      return entry !== undefined && isWritten(path, entry, tools, call)
    },
  }
}

/** Whether a file is the entry's, or its beginning: git was killed while it wrote. */
async function isWritten(path: string, entry: Entry, { run, read }: Tools, call?: Call): Promise<boolean> {
  const place = join(path, entry.file)
  const stored = await readStored(place)
  if (stored && isSame(stored, entry)) return true
  const text = (await readSmallBlobs(path, [entry.blob], run, call)).get(entry.blob)
  const pointer = parsePointer(text ?? '')
  if (pointer && (await hasBeginningOf(place, pointer, await lfsObjects(path, read, call)))) return true
  if (!stored) return false
  if (stored.link) return false
  // As git writes it, line endings converted.
  const args = ['cat-file', '--filters', `--path=${entry.file}`, entry.blob]
  const whole = (await run({ path, args, doing: `Cannot compare files of ${path}` }, call)).stdout
  // Cut inside a character, the text ends in up to three replacement characters.
  return whole.startsWith(stored.content.toString('utf8').replace(/\ufffd{1,3}$/, ''))
}
