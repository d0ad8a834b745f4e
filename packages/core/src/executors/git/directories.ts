import { join } from 'node:path'
import type { Call } from '../../run.ts'
import { lstatOrNothing } from './blob.ts'
import type { ReadGit } from './reads.ts'

/** Where git keeps what belongs to a checkout (gitrepository-layout(5)). */
export interface Directories {
  /** What is this worktree's own, such as its index and HEAD. */
  readonly own: string
  /** What all worktrees share, such as refs and objects; the same where there is only one. */
  readonly common: string
}

/** Found without git where the checkout is a plain one. */
export async function findDirectories(path: string, read: ReadGit, call?: Call): Promise<Directories> {
  if (await isPlain(path)) return { own: join(path, '.git'), common: join(path, '.git') }
  const asked = ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir']
  const [own = '', common = own] = (await read(path, asked, call)).split('\n')
  return { own, common }
}

/** Whether everything lies in a folder `.git`: neither a linked worktree nor a submodule, whose `.git` is a file. */
export async function isPlain(path: string): Promise<boolean> {
  const names = ['', 'HEAD', 'objects', 'refs', 'commondir'].map((name) => join(path, '.git', name))
  const [git, head, objects, refs, common] = await Promise.all(names.map(lstatOrNothing))
  const folders = [git, objects, refs].every((stat) => stat?.isDirectory())
  return folders && head?.isFile() === true && common === undefined
}
