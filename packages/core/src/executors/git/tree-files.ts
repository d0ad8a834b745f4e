import type { Call } from '../../run.ts'
import type { TrackedFile } from '../git.ts'
import { parseTree } from './blob.ts'
import type { ReadGit } from './reads.ts'
import { outermost } from './within.ts'

/** The files of a commit below folders, each once. */
export async function listFiles(
  path: string,
  commit: string,
  folders: string | readonly string[],
  read: ReadGit,
  call?: Call,
): Promise<readonly TrackedFile[]> {
  const asked = typeof folders === 'string' ? [folders] : folders
  if (asked.length === 0) return []
  // Git looks for nothing more where one lies in another.
  const places = asked.includes('') ? [] : outermost(asked)
  const args = ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--full-tree', commit, '--', ...places]
  const entries = parseTree(await read(path, args, call))
  return entries.map(({ file, mode, blob }) => ({ file, mode, id: blob }))
}
