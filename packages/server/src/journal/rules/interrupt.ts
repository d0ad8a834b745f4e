import type { DeploymentRow } from '../tables.ts'
import type { Rules } from './rules.ts'
import { settle } from './settle.ts'
import { isWaiting, supersede, supersedes } from './supersede.ts'

/** Takes a deployment out of the hands of a process that stops, or that died, before it has ended. */
export function interrupt(rules: Rules, row: DeploymentRow, maxAttempts = Infinity): DeploymentRow {
  const { tables } = rules
  const interruptions = row.interruptions + 1
  // Somebody wanted it to end, and it ended in its way.
  if (row.cancel !== null) return settle(rules, row, { status: 'cancelled', reason: row.cancel })
  if (interruptions >= maxAttempts) return giveUp(rules, { ...row, interruptions })
  const newer = newerWaiting(rules, row)
  if (newer) return supersede(rules, { ...row, owner: null, interruptions }, newer.deployment.id)
  const deployment = { ...row.deployment, status: 'interrupted' as const }
  const interrupted = { ...row, deployment, owner: null, interruptions }
  tables.update(interrupted)
  return interrupted
}

/** Ends one that was interrupted too often. */
export function giveUp(rules: Rules, row: DeploymentRow): DeploymentRow {
  return settle(rules, row, { status: 'failure', reason: `was interrupted ${row.interruptions} times` })
}

/** One that came while it ran, for the same. */
function newerWaiting({ tables }: Rules, row: DeploymentRow): DeploymentRow | undefined {
  const { id, app } = row.deployment
  const all = tables.unsettled({ app, ref: row.push.ref })
  const newer = all.slice(all.findIndex(({ deployment }) => deployment.id === id) + 1)
  return newer.findLast((candidate) => isWaiting(candidate) && supersedes(candidate.push, row.push, app))
}
