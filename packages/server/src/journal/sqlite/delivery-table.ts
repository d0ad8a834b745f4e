import type { DeliveryRow, Tables } from '../tables.ts'
import { bodyChecksum, checksum } from './checksum.ts'
import { damagedRow } from './damaged-row.ts'
import type { TableOptions } from './deployment-table.ts'

export type DeliveryTable = Pick<Tables, 'putDelivery' | 'delivery' | 'body' | 'deliveries'>

interface Stored {
  readonly id: string
  readonly received_at: string
  readonly record: string
  readonly checksum: number
}

/** Deliveries in SQLite. Bodies come last in a row, so that lists needn't read them. */
export function deliveryTable({ database, file, onDamaged }: TableOptions): DeliveryTable {
  const select = (rest: string) =>
    database.prepare(`SELECT id, received_at, record, checksum FROM deliveries ${rest}`)
  const put = database.prepare(
    `INSERT INTO deliveries (id, received_at, record, checksum, body_checksum, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET record = excluded.record, checksum = excluded.checksum,
       received_at = excluded.received_at,
       body_checksum = coalesce(excluded.body_checksum, body_checksum), body = coalesce(excluded.body, body)`,
  )
  const byId = select('WHERE id = ?')
  const body = database.prepare('SELECT body, body_checksum FROM deliveries WHERE id = ?')
  const newest = select('ORDER BY seq DESC LIMIT ?')
  const older = select('WHERE seq < (SELECT seq FROM deliveries WHERE id = ?) ORDER BY seq DESC LIMIT ?')

  const readable = (rows: readonly unknown[]): readonly DeliveryRow[] =>
    (rows as readonly Stored[]).flatMap((row) => {
      if (isIntact(row)) return [parse(row)]
      onDamaged(damagedRow('delivery', row.id, file))
      return []
    })

  return {
    putDelivery(row, bytes) {
      const record = JSON.stringify(row)
      const sum = checksum([row.id, row.receivedAt], record)
      put.run(row.id, row.receivedAt, record, sum, bytes ? bodyChecksum(bytes) : null, bytes ?? null)
    },
    // A damaged one counts as one that isn't there: the next receipt of it puts it right.
    delivery(id) {
      const row = byId.get(id)
      return row && readable([row])[0]
    },
    body(id) {
      const stored = body.get(id) as { body: Uint8Array | null; body_checksum: number } | undefined
      if (!stored?.body) return undefined
      if (bodyChecksum(stored.body) !== stored.body_checksum) throw damagedRow('delivery', id, file)
      return stored.body
    },
    deliveries: ({ limit = 50, before }) => {
      const most = Math.min(limit, Number.MAX_SAFE_INTEGER)
      return readable(before === undefined ? newest.all(most) : older.all(before, most))
    },
  }
}

function isIntact({ id, received_at: receivedAt, record, checksum: sum }: Stored): boolean {
  return sum === checksum([id, receivedAt], record)
}

function parse({ record }: Stored): DeliveryRow {
  return JSON.parse(record) as DeliveryRow
}
