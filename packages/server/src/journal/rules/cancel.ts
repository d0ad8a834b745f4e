import type { Deployment } from '../journal.ts'
import type { Rules } from './rules.ts'
import { settle } from './settle.ts'

/** Ends one that waits; of one that runs it notes that it should end. */
export function cancel(rules: Rules, id: string, reason: string): Deployment | undefined {
  const row = rules.tables.deployment(id)
  if (!row || row.deployment.endedAt !== null) return row?.deployment
  if (row.deployment.status !== 'in_progress') {
    return settle(rules, row, { status: 'cancelled', reason }, row.owner).deployment
  }
  if (row.cancel === null) rules.tables.update({ ...row, cancel: reason })
  return row.deployment
}

/** Those in somebody's hands that should end, or have been ended under them. */
export function cancellations({ tables }: Rules): ReadonlyMap<string, string> {
  return new Map(
    tables.inHands().flatMap(({ deployment, cancel: wanted }) => {
      const { id, status, reason, endedAt } = deployment
      const why = endedAt === null ? wanted : (reason ?? status)
      return why === null ? [] : [[id, why] as const]
    }),
  )
}
