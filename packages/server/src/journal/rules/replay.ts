import { journalError } from '../journal-error.ts'
import type { Acceptance } from '../journal.ts'
import { brief } from './accept.ts'
import { enqueue } from './enqueue.ts'
import type { Rules } from './rules.ts'

/** Makes new deployments for each app of a stored delivery. */
export function replay(rules: Rules, id: string): Acceptance {
  const delivery = rules.tables.delivery(id)
  if (!delivery) {
    throw journalError('not_found', `There is no delivery ${id} in the journal`, {
      hint: '`fairway deliveries` lists those that are kept.',
    })
  }
  const { push, apps } = delivery
  const made = push ? apps.map((app) => enqueue(rules, { app, push, delivery: id })) : []
  const ids = made.map(({ row }) => row.deployment.id)
  if (ids.length > 0) {
    rules.tables.putDelivery({ ...delivery, deployments: [...delivery.deployments, ...ids] })
  }
  return {
    deployments: made.map(({ row }) => brief(row)),
    duplicate: false,
    superseded: made.flatMap(({ superseded }) => superseded),
  }
}
