import type { Call } from '../../run.ts'
import type { Described } from '../git.ts'
import type { ReadGit } from './reads.ts'

/** What a commit says of itself. */
export async function describeCommit(
  path: string,
  commit: string,
  read: ReadGit,
  call?: Call,
): Promise<Described> {
  // A setting of the checkout's would have git start gpg.
  const options = ['--max-count=1', '--no-show-signature', '--no-color', '--no-notes', '--encoding=UTF-8']
  const args = ['log', ...options, '--format=%an%x00%B', '--end-of-options', commit, '--']
  const [author = '', message = ''] = (await read(path, args, call)).split('\0')
  return { subject: message.trim().split('\n', 1)[0]?.trim() ?? '', author }
}
