import { access, constants, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Head } from '../git.ts'
import { lstatOrNothing } from './blob.ts'
import { readCommitObject, readRefFile } from './commit-object.ts'
import { isPlain } from './directories.ts'
import { foreignCheckout } from './ownership.ts'
import { plainRepository } from './plain-repository.ts'
import type { ReadGit } from './reads.ts'
import { isRefName } from './ref-name.ts'

/** What is checked out; undefined where the folder isn't the top of a checkout. One that git refuses to use is an error. */
export async function readHead(path: string, read: ReadGit, call?: Call): Promise<Head | undefined> {
  call?.signal?.throwIfAborted()
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined || !(await hasGit(real))) return undefined
  const plain = await readPlainly(path, read, call)
  if (plain) return plain
  const found = await askGit(path, read, call)
  // Inside another checkout git would climb up and move that one.
  if (found === undefined || (await realpath(found.top)) !== real) return undefined
  const branch = await readBranch(path, read, call)
  const { commit } = found
  return { ...(commit === undefined ? {} : { commit }), ...(branch === undefined ? {} : { branch }) }
}

/** Asked of the folder itself: git takes a `.git` that it may not look into for none. */
async function hasGit(path: string): Promise<boolean> {
  try {
    await access(join(path, '.git'), constants.R_OK)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'EACCES') throw await foreignCheckout(path)
    if (['ENOENT', 'ENOTDIR'].includes(code)) return false
    throw error
  }
}

/** Without a process, where HEAD names a branch, or a commit, that lies there as a file. */
async function readPlainly(path: string, read: ReadGit, call?: Call): Promise<Head | undefined> {
  const repository = await plainRepository(path, read, call)
  if (!repository) return undefined
  const { directory } = repository
  const text = await readFile(join(directory, 'HEAD'), 'utf8')
  const [, branch] = /^ref: refs\/heads\/(.+)\n$/.exec(text) ?? []
  if (branch !== undefined && !isRefName(branch)) return undefined
  const commit = branch === undefined ? text.trim() : await readRefFile(directory, `refs/heads/${branch}`)
  if (commit === undefined || !/^[0-9a-f]{40}$/.test(commit)) return undefined
  if ((await readCommitObject(directory, commit)) === undefined) return undefined
  return { commit, ...(branch === undefined ? {} : { branch }) }
}

interface Found {
  readonly top: string
  readonly commit?: string
}

async function askGit(path: string, read: ReadGit, call?: Call): Promise<Found | undefined> {
  try {
    // Of a name that stands for nothing, as before the first commit, this says nothing.
    const args = ['rev-parse', '--show-toplevel', '--revs-only', 'HEAD^{commit}']
    const said = await read(path, args, call)
    const [, top = '', commit] = /^([^]*?)\n(?:([0-9a-f]{40,64})\n)?$/.exec(said) ?? []
    return { top, ...(commit === undefined ? {} : { commit }) }
  } catch (error) {
    if (isDeployError(error) && /not a git repository|work tree/.test(error.message)) return undefined
    throw error
  }
}

/** Read from the file that HEAD is; asked of git where it is anything else. */
async function readBranch(path: string, read: ReadGit, call?: Call): Promise<string | undefined> {
  const file = join(path, '.git', 'HEAD')
  const isFile = (await isPlain(path)) && (await lstatOrNothing(file))?.isFile() === true
  const text = isFile ? await readFile(file, 'utf8') : ''
  const [, branch] = /^ref: refs\/heads\/(.+)\n$/.exec(text) ?? []
  // Git writes this name where it keeps its refs in another way (reftable).
  if (branch !== undefined && branch !== '.invalid') return branch
  if (/^[0-9a-f]{40,64}\n$/.test(text)) return undefined
  return (await read(path, ['symbolic-ref', '--quiet', '--short', 'HEAD'], call)).trim() || undefined
}
