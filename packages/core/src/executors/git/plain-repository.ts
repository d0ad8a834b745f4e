import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { lstatOrNothing } from './blob.ts'
import { isPlain } from './directories.ts'
import { isOurs } from './is-ours.ts'
import { question } from './memory.ts'
import type { ReadGit } from './reads.ts'
import { readSettings, recallSettings, type Settings, valuesOf } from './settings.ts'

/** The folder `.git` of a checkout in which files are what git's documents say, so that they can be read, and written, without git. */
export interface PlainRepository {
  readonly directory: string
}

/**
 * Undefined where only git can tell: another user's checkout, of which git itself says whether it may be used, a linked worktree, objects,
 * refs or a tree that are kept in another way, and objects that stand for others.
 */
export async function plainRepository(
  path: string,
  read: ReadGit,
  call?: Call,
): Promise<PlainRepository | undefined> {
  call?.signal?.throwIfAborted()
  const { found } = known.recall(call, path) ?? known.learn(await look(path, read, call), call, path)
  return found
}

const known = question<{ readonly found: PlainRepository | undefined }>('plain repository')

async function look(
  path: string,
  read: ReadGit,
  call?: Call,
): Promise<{ readonly found: PlainRepository | undefined }> {
  const directory = join(path, '.git')
  if (!(await isPlain(path)) || !(await isOurs(path))) return { found: undefined }
  const settings = recallSettings(path, call) ?? (await readSettings(path, read, call))
  const formats = valuesOf(settings, 'core.repositoryformatversion')
  const isOrdinary = !settings.some(isOdd) && formats.every((format) => format === '0')
  return { found: isOrdinary && !(await hasSubstitutes(directory)) ? { directory } : undefined }
}

/** Hashes, refs and files of other kinds, refs that write down more than themselves, and another care for the disk. */
function isOdd([key, value]: Settings[number]): boolean {
  if (key === 'core.bare') return value !== 'false'
  if (key === 'core.logallrefupdates') return value === 'always'
  return /^(extensions\.|core\.fsync)/.test(key) || oddKeys.has(key)
}

const oddKeys: ReadonlySet<string> = new Set([
  'core.worktree',
  'core.sharedrepository',
  'core.sparsecheckout',
])

/** Objects that git takes for others (git-replace(1)), and commits whose parents are told elsewhere. */
async function hasSubstitutes(directory: string): Promise<boolean> {
  const [shallow, grafts, replaced, packed] = await Promise.all([
    lstatOrNothing(join(directory, 'shallow')),
    lstatOrNothing(join(directory, 'info', 'grafts')),
    readdir(join(directory, 'refs', 'replace')).catch(() => []),
    readFile(join(directory, 'packed-refs'), 'latin1').catch(() => ''),
  ])
  return (
    shallow !== undefined || grafts !== undefined || replaced.length > 0 || packed.includes(' refs/replace/')
  )
}
