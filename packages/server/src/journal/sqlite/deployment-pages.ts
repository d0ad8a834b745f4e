import type { DatabaseSync } from 'node:sqlite'
import type { DeploymentStatus } from '../journal.ts'
import type { DeploymentFilter } from '../tables.ts'

type Statement = ReturnType<DatabaseSync['prepare']>

/** Lists deployments, newest first; each combination of filters with a statement of its own, so that each has its index. */
export function deploymentPages(
  select: (rest: string) => Statement,
): (filter: DeploymentFilter) => readonly unknown[] {
  const prepared = new Map<string, Statement>()
  return ({ app, status, before, limit = 50 }) => {
    if (status !== undefined && !Object.hasOwn(conditions, status)) return []
    const condition = status === undefined ? undefined : conditions[status]
    const where = [
      ...(app === undefined ? [] : ['app = ?']),
      ...(condition ? [condition.where] : []),
      ...(before === undefined ? [] : ['seq < (SELECT seq FROM deployments WHERE id = ?)']),
    ]
    const index = app === undefined ? (condition?.index ?? '') : ''
    const sql = `${index} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY seq DESC LIMIT ?`
    const statement = prepared.get(sql) ?? select(sql)
    prepared.set(sql, statement)
    const given = [app, before].filter((value) => value !== undefined)
    return statement.all(...given, Math.min(limit, Number.MAX_SAFE_INTEGER))
  }
}

interface Condition {
  readonly where: string
  /** For those of all apps. Named, so that SQLite doesn't read everything in the order that is asked for. */
  readonly index: string
}

const ended = (status: string): Condition => ({
  where: `status = '${status}'`,
  index: 'INDEXED BY deployments_ended',
})
const unsettled = (status: string): Condition => ({
  where: `ended_at IS NULL AND status = '${status}'`,
  index: 'INDEXED BY deployments_unsettled',
})

const conditions: Readonly<Record<DeploymentStatus, Condition>> = {
  queued: unsettled('queued'),
  in_progress: unsettled('in_progress'),
  interrupted: unsettled('interrupted'),
  success: ended('success'),
  failure: ended('failure'),
  cancelled: ended('cancelled'),
  skipped: ended('skipped'),
  // So common that the newest are found soon; and every accept would have to write to its index.
  superseded: { where: "status = 'superseded'", index: '' },
}
