import type { DeliveryRow, DeploymentRow, Tables } from './tables.ts'

/** Tables that are gone when the process ends. */
export function memoryTables(): Tables {
  // Both keep the order in which ids came first.
  const rows = new Map<string, DeploymentRow>()
  const deliveries = new Map<string, DeliveryRow>()
  const bodies = new Map<string, Uint8Array>()
  const commits = new Map<string, Set<string>>()
  const deployed = new Set<string>()

  const all = (): readonly DeploymentRow[] => [...rows.values()]
  const update = (row: DeploymentRow): void => {
    const { id, app, status } = row.deployment
    rows.set(id, row)
    if (status === 'success') deployed.add(app)
  }

  return {
    insert: update,
    update,
    deployment: (id) => rows.get(id),
    deployments({ app, status, ...options }) {
      const newest = all().toReversed()
      return page(newest, ({ deployment }) => deployment.id, options)
        .filter(
          ({ deployment }) =>
            (app === undefined || deployment.app === app) &&
            (status === undefined || deployment.status === status),
        )
        .slice(0, options.limit ?? 50)
    },
    deploymentsOf: (ids) => ids.flatMap((id) => rows.get(id) ?? []),
    firstWaiting: (busy) =>
      all().find(
        ({ deployment: { app, status }, owner }) =>
          (status === 'queued' || status === 'interrupted') && !owner && !busy.has(app),
      ),
    unsettled: (of) =>
      all().filter(
        ({ deployment, push }) =>
          deployment.endedAt === null && (!of || (deployment.app === of.app && push.ref === of.ref)),
      ),
    inHands: () => all().filter(({ owner }) => owner !== null),

    remember(app, commit) {
      commits.set(app, (commits.get(app) ?? new Set()).add(commit))
    },
    remembers: (app, commit) => commits.get(app)?.has(commit) ?? false,
    everDeployed: (app) => deployed.has(app),

    putDelivery(row, body) {
      deliveries.set(row.id, row)
      if (body) bodies.set(row.id, body)
    },
    delivery: (id) => deliveries.get(id),
    body: (id) => bodies.get(id),
    deliveries: (options) =>
      page([...deliveries.values()].toReversed(), ({ id }) => id, options).slice(0, options.limit ?? 50),

    oldDeliveries(before, limit) {
      const open = new Set(
        all().flatMap(({ deployment }) => (deployment.endedAt ? [] : [deployment.delivery])),
      )
      const old = [...deliveries.values()].filter(
        ({ id, receivedAt }) => receivedAt < before && !open.has(id),
      )
      return old.slice(0, limit).map(({ id }) => id)
    },
    apps: () => [...new Set(all().map(({ deployment }) => deployment.app))],
    spareDeployments(app, keep, limit) {
      const ended = all()
        .filter(({ deployment }) => deployment.app === app && deployment.endedAt !== null)
        .map(({ deployment }) => deployment)
      const success = ended.findLast(({ status }) => status === 'success')
      const spare = ended.slice(0, Math.max(0, ended.length - keep)).filter((row) => row !== success)
      return spare.slice(0, limit).map(({ id }) => id)
    },
    removeDelivery(id) {
      deliveries.delete(id)
      bodies.delete(id)
    },
    removeDeployment: (id) => void rows.delete(id),
  }
}

/** What is older than `before`, where that is given. */
function page<T>(
  newest: readonly T[],
  idOf: (row: T) => string,
  { before }: { before?: string },
): readonly T[] {
  if (before === undefined) return newest
  const index = newest.findIndex((row) => idOf(row) === before)
  return index === -1 ? [] : newest.slice(index + 1)
}
