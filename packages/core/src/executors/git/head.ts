import { access, constants, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { Head } from '../git.ts'
import { foreignCheckout } from './ownership.ts'
import { commitOf, type ReadGit } from './reads.ts'

/** What is checked out; undefined where the folder isn't the top of a checkout. One that git refuses to use is an error. */
export async function readHead(path: string, read: ReadGit, call?: Call): Promise<Head | undefined> {
  call?.signal?.throwIfAborted()
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined || !(await hasGit(real))) return undefined
  const top = await topLevel(path, read, call)
  if (top === undefined) return undefined
  // Inside another checkout git would climb up and move that one.
  if ((await realpath(top)) !== real) return undefined
  const commit = await commitOf(read, path, 'HEAD', call)
  const branch = (await read(path, ['symbolic-ref', '--quiet', '--short', 'HEAD'], call)).trim()
  return { ...(commit === undefined ? {} : { commit }), ...(branch === '' ? {} : { branch }) }
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

async function topLevel(path: string, read: ReadGit, call?: Call): Promise<string | undefined> {
  try {
    return (await read(path, ['rev-parse', '--show-toplevel'], call)).replace(/\n$/, '')
  } catch (error) {
    if (isDeployError(error) && /not a git repository|work tree/.test(error.message)) return undefined
    throw error
  }
}
