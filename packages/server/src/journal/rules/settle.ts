import type { ProcessId } from '@fairway/core'
import type { Deployment } from '../journal.ts'
import type { DeploymentRow } from '../tables.ts'
import type { Rules } from './rules.ts'

/** Gives a deployment its final state; `owner` is who still has it in hand. */
export function settle(
  { tables, now }: Pick<Rules, 'tables' | 'now'>,
  row: DeploymentRow,
  ending: Partial<Deployment> & Pick<Deployment, 'status' | 'reason'>,
  owner: ProcessId | null = null,
): DeploymentRow {
  const ended = { ...row, deployment: { ...row.deployment, ...ending, endedAt: now() }, owner, cancel: null }
  tables.update(ended)
  const commit = endedFor(ended)
  if (commit !== undefined) tables.remember(ended.deployment.app, commit)
  return ended
}

/**
 * The commit that this is the end for. Not known before the pull: then it is the one that was pushed. But a superseded one leaves
 * it to the newer, and one that was skipped without a look at the checkout was of a ref that nobody follows; the same
 * commit may come to the followed one later.
 */
function endedFor({ deployment: { status, commit }, push }: DeploymentRow): string | undefined {
  if (status === 'superseded') return undefined
  return commit ?? (status === 'skipped' ? undefined : push.after)
}
