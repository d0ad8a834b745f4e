import type { Tables } from '../tables.ts'

/** So few at once that a delivery which comes meanwhile waits some milliseconds at most. */
const batch = 50

/** Forgets up to a batch of deliveries from before a time; gives how many. */
export function pruneDeliveries(tables: Tables, before: string): number {
  const ids = tables.oldDeliveries(before, batch)
  for (const id of ids) tables.removeDelivery(id)
  return ids.length
}

/** Forgets up to a batch of an app's deployments beyond the newest `keep`; gives their ids. */
export function pruneDeployments(tables: Tables, app: string, keep: number): readonly string[] {
  const ids = tables.spareDeployments(app, keep, batch)
  for (const id of ids) tables.removeDeployment(id)
  return ids
}
