import type { ProcessId } from '@fairway/core'
import type { Deployment } from '../journal.ts'
import { giveUp, interrupt } from './interrupt.ts'
import type { Rules } from './rules.ts'

/** Puts what dead processes had in their hands back into the queue. */
export function recover(
  rules: Rules,
  isAlive: (owner: ProcessId) => boolean,
  maxAttempts: number,
): readonly Deployment[] {
  const { tables } = rules
  for (const row of tables.inHands()) {
    if (row.deployment.endedAt !== null && row.owner && !isAlive(row.owner)) {
      tables.update({ ...row, owner: null })
    }
  }
  const touched: Deployment[] = []
  // Newest first: an older one must not give way to one that is then given up.
  for (const row of tables.unsettled().toReversed()) {
    if (row.owner) {
      if (!isAlive(row.owner)) touched.push(interrupt(rules, row, maxAttempts).deployment)
    } else if (row.interruptions >= maxAttempts) {
      touched.push(giveUp(rules, row).deployment)
    }
  }
  return touched.toReversed()
}
