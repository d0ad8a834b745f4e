import type { Call } from '../../run.ts'
import type { ReadGit } from './reads.ts'

const maxSize = 1024 * 1024

/** A file's text at a commit; undefined where there is none (a symbolic link is none), or it is larger than 1 MiB. */
export async function readFileAt(
  path: string,
  commit: string,
  file: string,
  read: ReadGit,
  call?: Call,
): Promise<string | undefined> {
  const args = ['--literal-pathspecs', 'ls-tree', '--long', '-z', '--full-tree', commit, '--', file]
  // `MODE TYPE ID SIZE`, a tab, the path.
  const found = /^(\d+) blob ([0-9a-f]+) +(\d+)\t/.exec(await read(path, args, call))
  const [, mode = '', id = '', size] = found ?? []
  if (!mode.startsWith('100') || Number(size) > maxSize) return undefined
  return read(path, ['cat-file', 'blob', id], call)
}
