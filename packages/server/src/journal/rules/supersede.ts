import type { Push } from '@fairway/core'
import type { DeploymentRow } from '../tables.ts'
import type { Rules } from './rules.ts'
import { settle } from './settle.ts'

/** Whether it has not started, or not started again, so that a newer one may take its place. */
export function isWaiting({ deployment: { status } }: DeploymentRow): boolean {
  return status === 'queued' || status === 'interrupted'
}

/**
 * Whether the newer one does what the older one would. Of one ref only: where the followed branch isn't known yet, a push of
 * another one may still be skipped. For the same reason no push takes the place of what a person asked for, and what a
 * person asked to be rebuilt gives way to another rebuild alone, and a way back to the same way back. What is likely to be skipped takes nobody's place.
 */
export function supersedes(newer: Push, older: Push, app: string): boolean {
  if (newer.ref !== older.ref || newer.unlikely?.includes(app)) return false
  const [back, earlier] = [newer.manual?.rollback, older.manual?.rollback]
  // A way back does what no deployment does; and one to the release before goes to another one after another way back.
  if (back && earlier) return back.to === earlier.to && back.again === earlier.again
  if (back || earlier) return false
  if (!older.manual) return true
  return newer.manual !== undefined && (!older.manual.rebuild || newer.manual.rebuild === true)
}

/** Ends one that waits in favour of a newer one. Whoever has it in hand keeps it until they have noticed. */
export function supersede(rules: Rules, row: DeploymentRow, by: string): DeploymentRow {
  const ending = { status: 'superseded', reason: `superseded by ${by}`, supersededBy: by } as const
  return settle(rules, row, ending, row.owner)
}
