import type { Clock } from '@fairway/core'
import type { DeliveryRecord, Journal } from './journal.ts'
import { accept } from './rules/accept.ts'
import { cancel, cancellations } from './rules/cancel.ts'
import { end, planned, stepEnded } from './rules/end.ts'
import { enqueue } from './rules/enqueue.ts'
import { interrupt } from './rules/interrupt.ts'
import { pruneDeliveries, pruneDeployments } from './rules/prune.ts'
import { recover } from './rules/recover.ts'
import { replay } from './rules/replay.ts'
import type { Rules } from './rules/rules.ts'
import { next, started } from './rules/take-up.ts'
import type { DeliveryRow, Tables } from './tables.ts'

export interface OverTables {
  readonly rules: Rules
  readonly clock: Clock
  /** Does some work on the tables as a whole or not at all; resolves when it is stored, so that it outlasts a power cut unless told. */
  readonly write: <T>(work: () => T, options?: { readonly lasting: boolean }) => Promise<T>
  readonly read: <T>(work: () => T) => Promise<T>
}

/** What a journal does whatever it stores in. */
export function overTables({
  rules,
  clock,
  write,
  read,
}: OverTables): Omit<Journal, 'refused' | 'changedByOthers' | 'backup' | 'check' | 'close'> {
  const { tables } = rules
  return {
    accept: (delivery) => write(() => accept(rules, delivery)),
    request: (asked) => write(() => enqueue(rules, { ...asked, delivery: null }).row.deployment),
    replay: (delivery) => write(() => replay(rules, delivery)),

    // After a power cut nobody works on it, and it is handed out again; that it started lasts, and this with it.
    next: (busy) => write(() => next(rules, busy), { lasting: false }),
    started: (id) => write(() => started(rules, id)),
    stepEnded: (id, step) => write(() => stepEnded(rules, id, step), { lasting: false }),
    planned: (id, plan, told) => write(() => planned(rules, id, plan, told)),
    ended: (id, ending) => write(() => end(rules, id, ending)),
    interrupted: (id) => write(() => interruptUnlessEnded(rules, id)),
    recover: (isAlive, maxAttempts) => write(() => recover(rules, isAlive, maxAttempts)),

    cancel: (id, reason) => write(() => cancel(rules, id, reason)),
    cancellations: () => read(() => cancellations(rules)),

    deployment: (id) => read(() => tables.deployment(id)?.deployment),
    deployments: (filter = {}) => read(() => tables.deployments(filter).map(({ deployment }) => deployment)),
    deliveries: (options = {}) => read(() => tables.deliveries(options).map((row) => toRecord(tables, row))),
    delivery: (id) =>
      read(() => {
        const row = tables.delivery(id)
        return row && { ...toRecord(tables, row), received: receivedOf(tables, row) }
      }),
    history: (app, commit) =>
      read(() => ({ ended: tables.remembers(app, commit), everDeployed: tables.everDeployed(app) })),

    async prune(keep) {
      const before = new Date(clock.now().getTime() - keep.deliveries).toISOString()
      let deliveries = 0
      for (let batch = -1; batch !== 0; deliveries += batch) {
        batch = await write(() => pruneDeliveries(tables, before))
      }
      const deployments: string[] = []
      for (const app of await read(() => tables.apps())) {
        for (let batch: readonly string[] = ['']; batch.length > 0; deployments.push(...batch)) {
          batch = await write(() => pruneDeployments(tables, app, keep.deployments))
        }
      }
      return { deliveries, deployments }
    },
  }
}

function interruptUnlessEnded(rules: Rules, id: string): void {
  const row = rules.tables.deployment(id)
  if (!row) return
  if (row.deployment.endedAt === null) interrupt(rules, row)
  else if (row.owner) rules.tables.update({ ...row, owner: null })
}

function toRecord(tables: Tables, row: DeliveryRow): DeliveryRecord {
  const { id, receivedAt, event, push, skipped } = row
  return {
    id,
    receivedAt,
    event,
    repository: push?.repository ?? null,
    ref: push?.ref ?? null,
    before: push?.before ?? null,
    after: push?.after ?? null,
    deployments: tables.deploymentsOf(row.deployments).map(({ deployment }) => deployment.id),
    skipped,
  }
}

function receivedOf(tables: Tables, { id, headers, signedBy }: DeliveryRow) {
  const body = tables.body(id)
  return body ? { headers, signedBy, body } : null
}
