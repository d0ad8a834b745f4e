import { createHash } from 'node:crypto'
import { copyFile, lstat, readFile, readlink, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Call } from '../../run.ts'
import type { Git } from '../git.ts'
import type { RunGit } from './command.ts'
import { commitOf, type ReadGit } from './reads.ts'

/** What looks at the files of a checkout and moves them. */
export function gitTree(run: RunGit, read: ReadGit): Pick<Git, 'inTheWay' | 'keepEdits' | 'moveTo'> {
  return {
    async inTheWay(path, commit, call) {
      const raw = await read(
        path,
        ['diff-index', '--cached', '--raw', '--no-abbrev', '--no-renames', '-z', commit, '--'],
        call,
      )
      const found = new Set<string>()
      for (const entry of addedEntries(raw)) {
        for (const file of await blockers(path, entry, read, call)) found.add(file)
      }
      return [...found].toSorted()
    },

    async keepEdits(path, time, call) {
      const status = [
        'status',
        '--porcelain',
        '-z',
        '--no-renames',
        '--untracked-files=no',
        '--ignore-submodules=all',
      ]
      const files = (await read(path, status, call))
        .split('\0')
        .filter((entry) => entry !== '')
        .map((entry) => entry.slice(3))
      if (files.length === 0) return undefined
      // 20260131T120000.000Z: a ref can't hold colons.
      const ref = `refs/fairway/overwritten/${time.toISOString().replaceAll(/[-:]/g, '')}`
      const commit = await commitEdits(path, run, read, call)
      await run({ path, args: ['update-ref', ref, commit], doing: `Cannot keep the edits in ${path}` }, call)
      return { ref, files }
    },

    async moveTo({ path, timeout }, branch, commit, call) {
      // One command from every state: right branch, wrong branch, detached, no commit yet.
      const args = ['checkout', '--quiet', '--force', '--no-guess', '-B', branch, commit, '--']
      await run({ path, args, timeout, live: 'stderr', doing: `Cannot move ${path} to ${commit}` }, call)
    },
  }
}

interface Entry {
  readonly mode: string
  readonly blob: string
  readonly file: string
}

/** What the commit has and the index hasn't, from `diff-index --raw -z`: `:MODE 000000 BLOB 0000 D`, then the path. */
function addedEntries(raw: string): readonly Entry[] {
  const fields = raw.split('\0')
  const entries: Entry[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [mode = '', , blob = '', , status] = (fields[i] ?? '').split(' ')
    if (status === 'D') entries.push({ mode: mode.slice(1), blob, file: fields[i + 1] ?? '' })
  }
  return entries
}

/** The untracked files that checking out one entry would destroy. */
async function blockers(path: string, entry: Entry, read: ReadGit, call?: Call): Promise<readonly string[]> {
  const parents = ancestors(entry.file)
  for (const parent of parents) {
    const stat = await lstatOrNothing(join(path, parent))
    if (stat === undefined) return []
    // A file or link where the push has a folder; a tracked one goes with the push, and its edits are kept.
    if (!stat.isDirectory()) return (await isListed(path, parent, read, call)) ? [] : [parent]
  }
  const stat = await lstatOrNothing(join(path, entry.file))
  if (stat === undefined || entry.mode === '160000') return []
  if (stat.isDirectory()) return untrackedBelow(path, entry.file, read, call)
  const content = stat.isSymbolicLink()
    ? Buffer.from(await readlink(join(path, entry.file)))
    : await readFile(join(path, entry.file))
  const same =
    stat.isSymbolicLink() === (entry.mode === '120000') && blobId(content, entry.blob.length) === entry.blob
  return same ? [] : [entry.file]
}

function ancestors(file: string): readonly string[] {
  const parent = dirname(file)
  return parent === '.' ? [] : [...ancestors(parent), parent]
}

async function lstatOrNothing(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function isListed(path: string, file: string, read: ReadGit, call?: Call): Promise<boolean> {
  return (await read(path, ['--literal-pathspecs', 'ls-files', '-z', '--', file], call)) !== ''
}

async function untrackedBelow(
  path: string,
  folder: string,
  read: ReadGit,
  call?: Call,
): Promise<readonly string[]> {
  const listed = await read(path, ['--literal-pathspecs', 'ls-files', '--others', '-z', '--', folder], call)
  return listed.split('\0').filter((file) => file !== '')
}

/** Git's id of a file's content; computed here, as hash-object would run the checkout's filters. */
function blobId(content: Buffer, digits: number): string {
  const hash = createHash(digits === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** A commit of the tracked files as they are, made beside the checkout's own index, which stays as it is. */
async function commitEdits(path: string, run: RunGit, read: ReadGit, call?: Call): Promise<string> {
  const gitDirectory = (await read(path, ['rev-parse', '--absolute-git-dir'], call)).trim()
  const index = join(gitDirectory, 'fairway-index')
  const doing = `Cannot keep the edits in ${path}`
  const variables = {
    GIT_INDEX_FILE: index,
    GIT_AUTHOR_NAME: 'Fairway',
    GIT_AUTHOR_EMAIL: 'fairway@localhost',
    GIT_COMMITTER_NAME: 'Fairway',
    GIT_COMMITTER_EMAIL: 'fairway@localhost',
  }
  try {
    await copyFile(join(gitDirectory, 'index'), index)
    await run({ path, args: ['add', '--update', '--', ':/'], variables, doing }, call)
    const tree = (await run({ path, args: ['write-tree'], variables, doing }, call)).stdout.trim()
    const head = await commitOf(read, path, 'HEAD', call)
    const parents = head === undefined ? [] : ['-p', head]
    const message = ['-m', 'Tracked edits that a deployment replaced']
    const args = ['-c', 'commit.gpgSign=false', 'commit-tree', tree, ...parents, ...message]
    return (await run({ path, args, variables, doing }, call)).stdout.trim()
  } finally {
    await rm(index, { force: true })
  }
}
