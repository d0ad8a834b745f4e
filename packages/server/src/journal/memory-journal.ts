import { type Clock, type Push, systemClock } from '@fairway/core'
import type {
  Accepted,
  Acceptance,
  DeliveryRecord,
  Deployment,
  DeploymentStatus,
  Journal,
} from './journal.ts'

interface Row {
  deployment: Deployment
  readonly push: Push
  claimed: boolean
}

export interface MemoryJournalOptions {
  readonly clock?: Clock
  readonly newId?: () => string
  /** How many ended deployments, and how many deliveries, are remembered. */
  readonly keep?: number
}

/** A journal that forgets everything when the process ends. */
export function memoryJournal({
  clock = systemClock(),
  newId = () => crypto.randomUUID(),
  keep = 1_000,
}: MemoryJournalOptions = {}): Journal {
  const deliveries = new Map<string, DeliveryRecord>()
  const rows = new Map<string, Row>()
  const now = (): string => clock.now().toISOString()

  const change = (id: string, changes: Partial<Deployment>): void => {
    const row = rows.get(id)
    if (row) row.deployment = { ...row.deployment, ...changes }
  }

  const enqueue = (
    delivery: string,
    app: string,
    push: Push,
  ): { id: string; superseded: readonly string[] } => {
    const id = newId()
    // Of one ref only: where the followed branch isn't known yet, a push of another one may still be skipped.
    const older = [...rows.values()].filter(
      (row) => row.deployment.app === app && row.deployment.status === 'queued' && row.push.ref === push.ref,
    )
    for (const { deployment } of older) {
      change(deployment.id, { status: 'superseded', reason: `superseded by ${id}`, endedAt: now() })
    }
    const deployment: Deployment = {
      id,
      app,
      status: 'queued',
      reason: null,
      commit: null,
      attempt: 1,
      delivery,
      createdAt: now(),
      startedAt: null,
      endedAt: null,
      steps: [],
    }
    rows.set(id, { deployment, push, claimed: false })
    return { id, superseded: older.map((row) => row.deployment.id) }
  }

  /** The deployment that an earlier receipt of this delivery made for an app, if it need not be made again. */
  const standing = (seen: DeliveryRecord | undefined, app: string): Deployment | undefined => {
    const made = (seen?.deployments ?? []).map((id) => rows.get(id)?.deployment)
    const last = made.findLast((deployment) => deployment?.app === app)
    return last && stands(last.status) ? last : undefined
  }

  const accept = (accepted: Accepted): Acceptance => {
    const seen = deliveries.get(accepted.id)
    const apps = 'apps' in accepted ? accepted.apps : []
    const superseded: string[] = []
    const made: string[] = []
    const ids = apps.map((app) => {
      const first = standing(seen, app)
      if (first) return first.id
      const queued = enqueue(accepted.id, app, (accepted as { push: Push }).push)
      superseded.push(...queued.superseded)
      made.push(queued.id)
      return queued.id
    })
    if (made.length > 0 || !seen) {
      deliveries.set(accepted.id, record(accepted, seen, made, now()))
      prune()
    }
    const deployments = ids.flatMap((id) => rows.get(id)?.deployment ?? [])
    return {
      deployments: deployments.map(({ id, app, status }) => ({ id, app, status })),
      duplicate: apps.length > 0 && made.length === 0,
      superseded,
    }
  }

  /** Forgets the oldest that have ended; never one that has not. */
  const prune = (): void => {
    const settled = [...rows.values()].filter(({ deployment }) => deployment.endedAt !== null)
    for (const { deployment } of settled.slice(0, Math.max(0, settled.length - keep)))
      rows.delete(deployment.id)
    for (const { id, deployments } of deliveries.values()) {
      if (deliveries.size <= keep) break
      if (!deployments.some((deployment) => rows.get(deployment)?.deployment.endedAt === null))
        deliveries.delete(id)
    }
  }

  return {
    accept: (accepted) => Promise.resolve(accept(accepted)),

    next(busy) {
      const row = [...rows.values()].find(
        ({ deployment, claimed }) => deployment.status === 'queued' && !claimed && !busy.has(deployment.app),
      )
      if (!row) return Promise.resolve(undefined)
      row.claimed = true
      return Promise.resolve({ deployment: row.deployment, push: row.push })
    },

    started(id) {
      const queued = rows.get(id)?.deployment.status === 'queued'
      if (queued) change(id, { status: 'in_progress', startedAt: now() })
      return Promise.resolve(queued)
    },

    stepEnded(id, step) {
      change(id, { steps: [...(rows.get(id)?.deployment.steps ?? []), step] })
      return Promise.resolve()
    },

    ended(id, ending) {
      if (rows.get(id)?.deployment.endedAt === null) change(id, { ...ending, endedAt: now() })
      return Promise.resolve()
    },

    deployment: (id) => Promise.resolve(rows.get(id)?.deployment),

    deployments({ app, limit = 50 } = {}) {
      const all = [...rows.values()].map(({ deployment }) => deployment).toReversed()
      return Promise.resolve(
        all.filter((deployment) => app === undefined || deployment.app === app).slice(0, limit),
      )
    },

    deliveries: ({ limit = 50 } = {}) =>
      Promise.resolve([...deliveries.values()].toReversed().slice(0, limit)),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

/** Whether a deployment answers for its delivery, so that the same delivery isn't processed again. */
function stands(status: DeploymentStatus): boolean {
  return !['failure', 'cancelled', 'skipped'].includes(status)
}

function record(
  accepted: Accepted,
  seen: DeliveryRecord | undefined,
  made: readonly string[],
  now: string,
): DeliveryRecord {
  const { id, event, push } = accepted
  return {
    id,
    receivedAt: seen?.receivedAt ?? now,
    event,
    repository: push?.repository ?? null,
    ref: push?.ref ?? null,
    before: push?.before ?? null,
    after: push?.after ?? null,
    deployments: [...(seen?.deployments ?? []), ...made],
    skipped: 'skipped' in accepted ? accepted.skipped : null,
  }
}
