import type { DeploymentRow, Tables } from '../tables.ts'

/** Keeps what is written within a transaction until it ends. */
export interface Kept {
  /** From now on, with nothing kept; also after a part of a transaction was undone. */
  readonly begin: () => void
  /** Writes what is kept. */
  readonly flush: () => void
  /** Everything is written at once again; what is kept is forgotten. */
  readonly end: () => void
}

/**
 * The same tables, whose deployments are kept within a transaction until it ends, or until something is asked that needs them. Pushes
 * that share one in a burst give way to each other, and the row of each would be inserted, searched for, read and written again.
 */
export function writeOnce(tables: Tables): { readonly tables: Tables; readonly kept: Kept } {
  const rows = new Map<string, { readonly row: DeploymentRow; readonly isNew: boolean }>()
  /** Of an app and ref, in the order of the table. */
  const unsettled = new Map<string, DeploymentRow[]>()
  let isKeeping = false

  const flush = (): void => {
    for (const { row, isNew } of rows.values()) {
      if (isNew) tables.insert(row)
      else tables.update(row)
    }
    rows.clear()
  }
  const forget = (): void => {
    rows.clear()
    unsettled.clear()
  }
  const flushed = (): Tables => {
    flush()
    return tables
  }

  const unsettledOf = (of: { readonly app: string; readonly ref: string }): readonly DeploymentRow[] => {
    if (!isKeeping) return tables.unsettled(of)
    const place = placeOf(of.app, of.ref)
    const known = unsettled.get(place)
    if (known) return [...known]
    if ([...rows.values()].some(({ row }) => placeOfRow(row) === place)) flush()
    const found = tables.unsettled(of)
    unsettled.set(place, [...found])
    return found
  }

  return {
    tables: {
      ...tables,
      insert(row) {
        if (!isKeeping) return tables.insert(row)
        rows.set(row.deployment.id, { row, isNew: true })
        if (row.deployment.endedAt === null) unsettled.get(placeOfRow(row))?.push(row)
      },
      update(row) {
        if (!isKeeping) return tables.update(row)
        const { id, endedAt } = row.deployment
        rows.set(id, { row, isNew: rows.get(id)?.isNew ?? false })
        const place = placeOfRow(row)
        const known = unsettled.get(place) ?? []
        const index = known.findIndex(({ deployment }) => deployment.id === id)
        if (index === -1) unsettled.delete(place)
        else known.splice(index, 1, ...(endedAt === null ? [row] : []))
      },
      deployment: (id) => rows.get(id)?.row ?? tables.deployment(id),
      unsettled: (of) => (of ? unsettledOf(of) : flushed().unsettled()),
      deployments: (filter) => flushed().deployments(filter),
      deploymentsOf: (ids) => flushed().deploymentsOf(ids),
      firstWaiting: (busy) => flushed().firstWaiting(busy),
      inHands: () => flushed().inHands(),
      everDeployed: (app) => flushed().everDeployed(app),
      oldDeliveries: (before, limit) => flushed().oldDeliveries(before, limit),
      apps: () => flushed().apps(),
      spareDeployments: (app, keep, limit) => flushed().spareDeployments(app, keep, limit),
      removeDeployment(id) {
        flush()
        unsettled.clear()
        tables.removeDeployment(id)
      },
    },
    kept: {
      begin() {
        forget()
        isKeeping = true
      },
      flush,
      end() {
        forget()
        isKeeping = false
      },
    },
  }
}

function placeOfRow({ deployment, push }: DeploymentRow): string {
  return placeOf(deployment.app, push.ref)
}

function placeOf(app: string, ref: string): string {
  return `${app}\0${ref}`
}
