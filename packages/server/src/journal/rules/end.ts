import type { Looked, Plan } from '@fairway/core'
import { keepsAll } from '@fairway/core/basics'
import type { ContainerRecord, Deployment, Ending, Left, StepRecord } from '../journal.ts'
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

/** Notes what the present attempt does, and what it is about. */
export function planned(
  { tables }: Rules,
  id: string,
  plan: Plan,
  told: Pick<Looked, 'subject' | 'author'> = {},
): void {
  const row = tables.deployment(id)
  if (!row || row.deployment.endedAt !== null) return
  const { subject = null, author = null } = told
  const what = { commit: plan.commit, subject, author }
  tables.update({ ...row, deployment: { ...row.deployment, plan, ...what } })
}

/** Ends a deployment, unless it has ended already; either way nobody has it in hand any more. */
export function end(rules: Rules, id: string, ending: Ending): void {
  const row = rules.tables.deployment(id)
  if (!row) return
  if (row.deployment.endedAt === null) {
    const { status, reason, left } = ending
    const own = ending.plan ?? row.deployment.plan
    const at = rules.now()
    const withPlan = { ...row, deployment: { ...row.deployment, plan: own } }
    const containers = left ? traceBack(rules.tables, withPlan, left, at) : null
    const plan = status === 'skipped' ? own : planOfAll(withPlan)
    settle({ ...rules, now: () => at }, row, { status, reason, ...about(row, ending), plan, containers })
  } else if (row.owner) {
    rules.tables.update({ ...row, owner: null })
  }
}

/** An attempt that fails before it has looked, such as one that finishes a way back, is about what the attempt before was. */
function about(
  { deployment }: DeploymentRow,
  { status, commit, subject = null, author = null }: Ending,
): Pick<Deployment, 'commit' | 'subject' | 'author'> {
  const isNoted = commit === deployment.commit || (commit === null && status !== 'skipped')
  if (!isNoted) return { commit, subject, author }
  return {
    commit: deployment.commit,
    subject: subject ?? deployment.subject,
    author: author ?? deployment.author,
  }
}

/** The last attempt's, unless that made none, or kept all that an attempt before had made of the same commit. */
function planOfAll({ deployment: { plan }, earlier }: DeploymentRow): Plan | null {
  if (plan && !keepsAll(plan)) return plan
  const plans = earlier.flatMap((attempt) => attempt.plan ?? [])
  const before = plan ? plans.filter(({ commit }) => commit === plan.commit) : plans
  return before.findLast((made) => !keepsAll(made)) ?? plan ?? before.at(-1) ?? null
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
