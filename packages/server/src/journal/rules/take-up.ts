import type { Claim } from '../journal.ts'
import type { DeploymentRow } from '../tables.ts'
import { isSame, type Rules } from './rules.ts'
import { isWaiting } from './supersede.ts'

/** Hands the oldest one that waits to this process. */
export function next({ tables, owner }: Rules, busy: ReadonlySet<string>): Claim | undefined {
  const row = tables.firstWaiting(busy)
  if (!row) return undefined
  const claimed = { ...asNextAttempt(row), owner }
  tables.update(claimed)
  return { deployment: claimed.deployment, push: claimed.push }
}

/** Notes that it has its locks; false where it may not go on. */
export function started({ tables, owner, now }: Rules, id: string): boolean {
  const row = tables.deployment(id)
  if (!row || (row.owner && !isSame(row.owner, owner))) return false
  if (row.deployment.status === 'in_progress') return true
  if (!isWaiting(row)) return false
  const taken = row.owner ? row : asNextAttempt(row)
  const deployment = { ...taken.deployment, status: 'in_progress' as const, startedAt: now() }
  tables.update({ ...taken, deployment, owner })
  return true
}

/** One that was interrupted stays so until it has its locks again, but counts as its next attempt. */
function asNextAttempt(row: DeploymentRow): DeploymentRow {
  const { deployment, earlier } = row
  if (deployment.status !== 'interrupted') return row
  const { attempt, startedAt, steps, plan } = deployment
  return {
    ...row,
    deployment: { ...deployment, attempt: attempt + 1, steps: [], plan: null },
    earlier: [...earlier, { attempt, startedAt, steps, ...(plan ? { plan } : {}) }],
  }
}
