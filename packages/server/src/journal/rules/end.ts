import type { Plan } from '@fairway/core'
import type { ContainerRecord, Ending, Left, StepRecord } from '../journal.ts'
import type { DeploymentRow, Tables } from '../tables.ts'
import { nameMakers, type Try } from './name-makers.ts'
import type { Rules } from './rules.ts'
import { settle } from './settle.ts'

/** Notes a step of the present attempt. */
export function stepEnded({ tables }: Rules, id: string, step: StepRecord): void {
  const row = tables.deployment(id)
  if (!row || row.deployment.endedAt !== null) return
  const steps = [...row.deployment.steps, step]
  tables.update({ ...row, deployment: { ...row.deployment, steps } })
}

/** Notes what the present attempt does. */
export function planned({ tables }: Rules, id: string, plan: Plan): void {
  const row = tables.deployment(id)
  if (!row || row.deployment.endedAt !== null) return
  tables.update({ ...row, deployment: { ...row.deployment, plan } })
}

/** Ends a deployment, unless it has ended already; either way nobody has it in hand any more. */
export function end(rules: Rules, id: string, ending: Ending): void {
  const row = rules.tables.deployment(id)
  if (!row) return
  if (row.deployment.endedAt === null) {
    const { status, reason, commit, subject = null, author = null, left } = ending
    const plan = ending.plan ?? row.deployment.plan
    const at = rules.now()
    const withPlan = { ...row, deployment: { ...row.deployment, plan } }
    const containers = left ? traceBack(rules.tables, withPlan, left, at) : null
    settle({ ...rules, now: () => at }, row, { status, reason, commit, subject, author, plan, containers })
  } else if (row.owner) {
    rules.tables.update({ ...row, owner: null })
  }
}

/** What made these: the last record that lists containers says it of those that were there, and later plans of the others. */
function traceBack(
  tables: Tables,
  row: DeploymentRow,
  left: readonly Left[],
  at: string,
): readonly ContainerRecord[] {
  const { id, app } = row.deployment
  const tries: Try[] = triesOf(row, at)
  for (let before: string | undefined; ;) {
    const rows = tables.deployments({ app, limit: page, ...(before === undefined ? {} : { before }) })
    // They need not have run in the order in which they were asked for.
    const ended = rows.filter(({ deployment }) => deployment.id !== id && deployment.endedAt !== null)
    for (const earlier of ended.toSorted(byEnd)) {
      const { containers, endedAt } = earlier.deployment
      if (containers) return nameMakers({ left, tries, recorded: containers })
      tries.push(...triesOf(earlier, endedAt ?? ''))
    }
    if (rows.length < page) return nameMakers({ left, tries, recorded: [] })
    before = rows.at(-1)?.deployment.id
  }
}

const page = 50

function byEnd({ deployment: one }: DeploymentRow, { deployment: other }: DeploymentRow): number {
  return (other.endedAt ?? '').localeCompare(one.endedAt ?? '')
}

/** Newest first; those that planned nothing made nothing. */
function triesOf({ deployment: { id, delivery, plan }, earlier }: DeploymentRow, at: string): Try[] {
  const plans = [...earlier.map((attempt) => attempt.plan ?? null), plan].toReversed()
  return plans.flatMap((made) => (made ? [{ deployment: id, delivery, plan: made, at }] : []))
}
