import { shellWord } from '../../shell-word.ts'
import { realpath } from 'node:fs/promises'
import { DeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { ReadGit } from './reads.ts'

/** Refuses to move a branch that another worktree has checked out: that one's files would seem to be edits. */
export async function refuseOtherWorktree(
  path: string,
  branch: string,
  doing: string,
  read: ReadGit,
  call?: Call,
): Promise<void> {
  const listed = await read(path, ['for-each-ref', '--format=%(worktreepath)', `refs/heads/${branch}`], call)
  const other = listed.replace(/\n$/, '')
  // One that is gone counts for git until it is pruned.
  const real = other === '' ? undefined : await realpath(other).catch(() => undefined)
  if (real === undefined || real === (await realpath(path))) return
  throw new DeployError('checkout_invalid', `${doing}: ${other} has its branch ${branch} checked out`, {
    hint: `Deploy from there, or free the branch: git -C ${shellWord(other)} checkout --detach`,
  })
}
