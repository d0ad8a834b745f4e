import type { Push } from '@fairway/core'
import type { Accepted, Acceptance, DeploymentStatus } from '../journal.ts'
import { keepHeaders } from '../kept-headers.ts'
import type { DeliveryRow, DeploymentRow } from '../tables.ts'
import { enqueue, type Enqueued } from './enqueue.ts'
import type { Rules } from './rules.ts'

/** Stores a delivery with its deployments, but for apps that an earlier receipt of the same delivery answers for. */
export function accept(rules: Rules, accepted: Accepted): Acceptance {
  const { tables, now } = rules
  const { id } = accepted
  const seen = tables.delivery(id)
  const earlier = seen ? tables.deploymentsOf(seen.deployments) : []
  const made: Enqueued[] = []
  const deployments = appsOf(accepted).map(({ app, push }) => {
    const last = earlier.findLast(({ deployment }) => deployment.app === app)
    if (last && stands(last.deployment.status)) return brief(last)
    const queued = enqueue(rules, { app, push, delivery: id })
    made.push(queued)
    return brief(queued.row)
  })
  if (!seen || made.length > 0) {
    const row = toRow(accepted, seen?.receivedAt ?? now(), seen)
    const ids = made.map(({ row: { deployment } }) => deployment.id)
    tables.putDelivery({ ...row, deployments: [...row.deployments, ...ids] }, accepted.received?.body)
  }
  return {
    deployments,
    duplicate: deployments.length > 0 && made.length === 0,
    superseded: made.flatMap(({ superseded }) => superseded),
  }
}

/** What a caller of the webhook is told of a deployment. */
export function brief({ deployment: { id, app, status } }: DeploymentRow): Acceptance['deployments'][number] {
  return { id, app, status }
}

function appsOf(accepted: Accepted): readonly { readonly app: string; readonly push: Push }[] {
  if (!('apps' in accepted)) return []
  return accepted.apps.map((app) => ({ app, push: accepted.push }))
}

/** Whether a deployment answers for its delivery, so that the same delivery isn't processed again. */
function stands(status: DeploymentStatus): boolean {
  return !['failure', 'cancelled', 'skipped'].includes(status)
}

function toRow(accepted: Accepted, receivedAt: string, seen: DeliveryRow | undefined): DeliveryRow {
  const { id, event, push, received } = accepted
  return {
    id,
    receivedAt,
    event,
    push: push ?? null,
    apps: 'apps' in accepted ? accepted.apps : [],
    skipped: 'skipped' in accepted ? accepted.skipped : null,
    deployments: seen?.deployments ?? [],
    headers: received ? keepHeaders(received.headers) : (seen?.headers ?? {}),
    signedBy: received?.signedBy ?? seen?.signedBy ?? [],
  }
}
