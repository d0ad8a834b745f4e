import type { DatabaseSync } from 'node:sqlite'
import type { Tables } from '../tables.ts'

export type KeepTable = Pick<
  Tables,
  | 'remember'
  | 'remembers'
  | 'oldDeliveries'
  | 'apps'
  | 'spareDeployments'
  | 'removeDelivery'
  | 'removeDeployment'
>

/** What is kept for ever, and what can go. */
export function keepTable(database: DatabaseSync): KeepTable {
  const remember = database.prepare('INSERT OR IGNORE INTO ended_commits VALUES (?, ?)')
  const remembers = database.prepare('SELECT 1 FROM ended_commits WHERE app = ? AND "commit" = ?')
  const old = database.prepare(
    `SELECT id FROM deliveries AS old WHERE received_at < ? AND NOT EXISTS (
       SELECT 1 FROM json_each(old.record, '$.deployments') AS made JOIN deployments ON deployments.id = made.value
       WHERE ended_at IS NULL
     ) ORDER BY received_at LIMIT ?`,
  )
  const appAfter = database.prepare('SELECT app FROM deployments WHERE app > ? ORDER BY app LIMIT 1')
  const spare = database.prepare(
    `SELECT id FROM deployments WHERE app = :app AND ended_at IS NOT NULL
       AND seq < (SELECT min(seq) FROM (
         SELECT seq FROM deployments WHERE app = :app AND ended_at IS NOT NULL ORDER BY seq DESC LIMIT :keep))
       AND seq <> coalesce(
         (SELECT max(seq) FROM deployments WHERE status = 'success' AND app = :app), -1)
     ORDER BY seq LIMIT :limit`,
  )
  const spareAll = database.prepare(
    `SELECT id FROM deployments WHERE app = :app AND ended_at IS NOT NULL
       AND seq <> coalesce((SELECT max(seq) FROM deployments WHERE status = 'success' AND app = :app), -1)
     ORDER BY seq LIMIT :limit`,
  )
  const removeDelivery = database.prepare('DELETE FROM deliveries WHERE id = ?')
  const removeDeployment = database.prepare('DELETE FROM deployments WHERE id = ?')

  const ids = (rows: readonly unknown[]): readonly string[] =>
    (rows as readonly { id: string }[]).map(({ id }) => id)

  return {
    remember: (app, commit) => void remember.run(app, commit),
    remembers: (app, commit) => remembers.get(app, commit) !== undefined,
    oldDeliveries: (before, limit) => ids(old.all(before, limit)),
    apps() {
      // One step of the index for each app; DISTINCT would read all of it.
      const found: string[] = []
      for (let row = appAfter.get(''); row; row = appAfter.get(String(row['app']))) {
        found.push(String(row['app']))
      }
      return found
    },
    spareDeployments: (app, keep, limit) =>
      ids(keep < 1 ? spareAll.all({ app, limit }) : spare.all({ app, keep, limit })),
    removeDelivery: (id) => void removeDelivery.run(id),
    removeDeployment: (id) => void removeDeployment.run(id),
  }
}
