import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { lstatOrNothing } from './blob.ts'
import { isPlain } from './directories.ts'
import { objectOf, type ReadGit } from './reads.ts'

/**
 * The id that one of Fairway's own refs has, also of an object that is gone; undefined where there is none. Read as the file that git
 * keeps it in (gitrepository-layout(5)), which costs no process; asked of git where it is anything else.
 */
export async function readOwnRef(
  path: string,
  ref: string,
  read: ReadGit,
  call?: Call,
): Promise<string | undefined> {
  call?.signal?.throwIfAborted()
  const directory = join(path, '.git')
  const isSimple = isOrdinary(ref) && (await isPlain(path)) && (await isOurs([path, directory]))
  if (!isSimple) return objectOf(read, path, ref, call)
  const [own, packed, head] = await Promise.all([
    textOf(join(directory, ref)),
    textOf(join(directory, 'packed-refs')),
    textOf(join(directory, 'HEAD')),
  ])
  // So HEAD reads where git keeps its refs in another way (reftable).
  if (head === undefined || head.includes('refs/heads/.invalid')) return objectOf(read, path, ref, call)
  if (own !== undefined) {
    const [, id] = /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.exec(own) ?? []
    return id ?? objectOf(read, path, ref, call)
  }
  return packed
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`))
    ?.split(' ')[0]
}

/** What is a path to nowhere else, whatever an app is called. */
function isOrdinary(ref: string): boolean {
  return /^refs\/fairway(?:\/[\w-][\w.-]*)+$/.test(ref)
}

/** Of another user's checkout git itself says whether it may be used. */
async function isOurs(places: readonly string[]): Promise<boolean> {
  const stats = await Promise.all(places.map(lstatOrNothing))
  return stats.every((stat) => stat?.uid === process.geteuid?.())
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined
    // A folder, or what this user must not read: nothing that git would have written.
    return ''
  }
}
