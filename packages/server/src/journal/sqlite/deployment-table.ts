import type { DatabaseSync } from 'node:sqlite'
import type { DeploymentRow, Tables } from '../tables.ts'
import { checksum } from './checksum.ts'
import { damagedRow } from './damaged-row.ts'
import { deploymentPages } from './deployment-pages.ts'

export interface TableOptions {
  readonly database: DatabaseSync
  readonly file: string
  /** Told of a damaged row that a list leaves out. */
  readonly onDamaged: (error: Error) => void
}

export type DeploymentTable = Pick<
  Tables,
  | 'insert'
  | 'update'
  | 'deployment'
  | 'deployments'
  | 'deploymentsOf'
  | 'firstWaiting'
  | 'unsettled'
  | 'inHands'
  | 'everDeployed'
>

/** What lies in the table: the row as JSON, and beside it what is searched for. */
interface Stored {
  readonly id: string
  readonly app: string
  readonly ref: string
  readonly status: string
  readonly owner: number | null
  readonly ended_at: string | null
  readonly record: string
  readonly checksum: number
}

/** Deployments in SQLite. */
export function deploymentTable({ database, file, onDamaged }: TableOptions): DeploymentTable {
  const columns = 'id, app, ref, status, owner, ended_at, record, checksum'
  const select = (rest: string) => database.prepare(`SELECT ${columns} FROM deployments ${rest}`)

  const insert = database.prepare(`INSERT INTO deployments (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const update = database.prepare(
    'UPDATE deployments SET status = ?, owner = ?, ended_at = ?, record = ?, checksum = ? WHERE id = ?',
  )
  const byId = select('WHERE id = ?')
  // Named, so that a query that can't use the small index fails at once instead of reading everything.
  const unsettled = select('INDEXED BY deployments_unsettled WHERE ended_at IS NULL ORDER BY seq')
  const unsettledOf = select(
    'INDEXED BY deployments_unsettled WHERE app = ? AND ref = ? AND ended_at IS NULL ORDER BY seq',
  )
  const inHands = select('INDEXED BY deployments_in_hands WHERE owner IS NOT NULL ORDER BY seq')
  const waiting = database.prepare(
    `SELECT id, app FROM deployments INDEXED BY deployments_unsettled
     WHERE ended_at IS NULL AND owner IS NULL AND status IN ('queued', 'interrupted') ORDER BY seq`,
  )
  const success = database.prepare("SELECT 1 FROM deployments WHERE status = 'success' AND app = ? LIMIT 1")
  const list = deploymentPages(select)

  const readable = (stored: readonly unknown[]): readonly DeploymentRow[] =>
    (stored as readonly Stored[]).flatMap((row) => {
      if (isIntact(row)) return [parse(row)]
      onDamaged(damagedRow('deployment', row.id, file))
      return []
    })

  return {
    insert(row) {
      insert.run(...values(row))
    },
    update(row) {
      const [id, , , status, owner, endedAt, record, sum] = values(row)
      update.run(status, owner, endedAt, record, sum, id)
    },
    deployment(id) {
      const row = byId.get(id) as Stored | undefined
      if (row && !isIntact(row)) throw damagedRow('deployment', id, file)
      return row && parse(row)
    },
    deployments: (filter) => readable(list(filter)),
    deploymentsOf: (ids) => readable(ids.map((id) => byId.get(id)).filter((row) => row !== undefined)),
    firstWaiting(busy) {
      for (const { id, app } of waiting.all()) {
        if (busy.has(String(app))) continue
        const [row] = readable(byId.all(id as string))
        if (row) return row
      }
      return undefined
    },
    unsettled: (of) => readable(of ? unsettledOf.all(of.app, of.ref) : unsettled.all()),
    inHands: () => readable(inHands.all()),
    everDeployed: (app) => success.get(app) !== undefined,
  }
}

type Values = readonly [
  id: string,
  app: string,
  ref: string,
  status: string,
  owner: number | null,
  endedAt: string | null,
  record: string,
  checksum: number,
]

function values(row: DeploymentRow): Values {
  const { id, app, status, endedAt } = row.deployment
  const searched = [id, app, row.push.ref, status, row.owner?.pid ?? null, endedAt] as const
  const record = JSON.stringify(row)
  return [...searched, record, checksum(searched, record)]
}

function isIntact(row: Stored): boolean {
  const { id, app, ref, status, owner, ended_at: endedAt, record, checksum: sum } = row
  return sum === checksum([id, app, ref, status, owner, endedAt], record)
}

function parse({ record }: Stored): DeploymentRow {
  const row = JSON.parse(record) as DeploymentRow
  // What older versions wrote says nothing of either.
  return { ...row, deployment: { ...unplanned, ...row.deployment } }
}

const unplanned = { plan: null, containers: null }
