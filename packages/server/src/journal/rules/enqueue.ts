import type { Push } from '@fairway/core'
import type { DeploymentRow } from '../tables.ts'
import type { Rules } from './rules.ts'
import { isWaiting, supersede, supersedes } from './supersede.ts'

export interface Asked {
  readonly app: string
  readonly push: Push
  readonly delivery: string | null
  readonly reason?: string
  readonly claim?: boolean
}

export interface Enqueued {
  readonly row: DeploymentRow
  /** Ids of those that gave way to it. */
  readonly superseded: readonly string[]
}

/** Puts a new deployment at the end of its app's queue; older ones that wait for the same give way to it. */
export function enqueue(rules: Rules, { app, push, delivery, reason, claim = false }: Asked): Enqueued {
  const { tables, now, newId, owner } = rules
  const id = newId()
  const older = tables
    .unsettled({ app, ref: push.ref })
    .filter((row) => isWaiting(row) && supersedes(push, row.push, app))
  for (const row of older) supersede(rules, row, id)
  const row: DeploymentRow = {
    deployment: {
      id,
      app,
      status: 'queued',
      reason: reason ?? null,
      commit: null,
      subject: null,
      author: null,
      attempt: 1,
      delivery,
      supersededBy: null,
      createdAt: now(),
      startedAt: null,
      endedAt: null,
      steps: [],
      plan: null,
      containers: null,
    },
    push,
    owner: claim ? owner : null,
    cancel: null,
    interruptions: 0,
    earlier: [],
  }
  tables.insert(row)
  return { row, superseded: older.map(({ deployment }) => deployment.id) }
}
