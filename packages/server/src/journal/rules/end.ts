import type { Ending, StepRecord } from '../journal.ts'
import type { Rules } from './rules.ts'
import { settle } from './settle.ts'

/** Notes a step of the present attempt. */
export function stepEnded({ tables }: Rules, id: string, step: StepRecord): void {
  const row = tables.deployment(id)
  if (!row || row.deployment.endedAt !== null) return
  const steps = [...row.deployment.steps, step]
  tables.update({ ...row, deployment: { ...row.deployment, steps } })
}

/** Ends a deployment, unless it has ended already; either way nobody has it in hand any more. */
export function end(rules: Rules, id: string, ending: Ending): void {
  const row = rules.tables.deployment(id)
  if (!row) return
  if (row.deployment.endedAt === null) {
    const { status, reason, commit, subject = null, author = null } = ending
    settle(rules, row, { status, reason, commit, subject, author })
  } else if (row.owner) {
    rules.tables.update({ ...row, owner: null })
  }
}
