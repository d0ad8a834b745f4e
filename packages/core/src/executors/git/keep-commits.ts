import type { Call } from '../../run.ts'
import type { RunGit } from './command.ts'
import { overwrittenRef } from './overwritten-ref.ts'
import { commitOf, type ReadGit } from './reads.ts'

/** Keeps commits that somebody made in the checkout: after the move only the reflog would have them, and git forgets that. */
export async function keepCommits(
  path: string,
  tip: string,
  time: Date,
  { run, read }: { readonly run: RunGit; readonly read: ReadGit },
  call?: Call,
): Promise<string | undefined> {
  const head = await commitOf(read, path, 'HEAD', call)
  if (head === undefined || head === tip) return undefined
  if (!(await hasOwnCommits(path, head, tip, read, call))) return undefined
  const ref = overwrittenRef(time)
  await run({ path, args: ['update-ref', ref, head], doing: `Cannot keep the commits of ${path}` }, call)
  return ref
}

/** Whether a commit has some in its history that neither `tip` nor the remote has, and no deployment had or kept. */
export async function hasOwnCommits(
  path: string,
  commit: string,
  tip: string,
  read: ReadGit,
  call?: Call,
): Promise<boolean> {
  const known = [tip, '--remotes', '--glob=refs/fairway/deployed/*', '--glob=refs/fairway/overwritten/*']
  return (await read(path, ['rev-list', '--max-count=1', commit, '--not', ...known], call)).trim() !== ''
}
