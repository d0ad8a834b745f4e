import type { Call } from '../../run.ts'
import type { TrackedFile } from '../git.ts'
import { parseTree } from './blob.ts'
import type { ReadGit } from './reads.ts'

/** The files of a commit below a folder, or that one file. */
export async function listFiles(
  path: string,
  commit: string,
  folder: string,
  read: ReadGit,
  call?: Call,
): Promise<readonly TrackedFile[]> {
  const place = folder === '' ? [] : [folder]
  const args = ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--full-tree', commit, '--', ...place]
  const entries = parseTree(await read(path, args, call))
  return entries.map(({ file, mode, blob }) => ({ file, mode, id: blob }))
}
