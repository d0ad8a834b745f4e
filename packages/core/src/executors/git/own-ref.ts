import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { isPlain } from './directories.ts'
import { isOurs } from './is-ours.ts'
import { readLoose } from './loose-objects.ts'
import { plainRepository } from './plain-repository.ts'
import { objectOf, type ReadGit } from './reads.ts'
import { isRefName } from './ref-name.ts'
import { type RefUpdate, updateRefFiles } from './ref-files.ts'

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
  const isSimple = isOrdinary(ref) && (await isPlain(path)) && (await isOurs(path))
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

/**
 * Moves refs of Fairway's own together, without a process where they lie in files and name objects that do, too; false where that is left
 * to git, which says what is the matter.
 */
export async function updateOwnRefs(
  path: string,
  updates: readonly RefUpdate[],
  read: ReadGit,
  call?: Call,
): Promise<boolean> {
  const plain = updates.every(([ref]) => isOrdinary(ref)) && (await plainRepository(path, read, call))
  if (!plain) return false
  const found = await Promise.all(updates.map(([, id]) => readLoose(plain.directory, id)))
  return !found.includes(undefined) && updateRefFiles(plain.directory, updates)
}

/** What is a path to nowhere else, whatever an app is called. */
function isOrdinary(ref: string): boolean {
  return isRefName(ref) && /^refs\/fairway(?:\/[\w-][\w.-]*)+$/.test(ref)
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
