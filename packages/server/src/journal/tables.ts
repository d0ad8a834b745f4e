import type { Plan, ProcessId, Push } from '@fairway/core'
import type { Deployment, ListOptions, StepRecord } from './journal.ts'

/** What is stored of a deployment. */
export interface DeploymentRow {
  readonly deployment: Deployment
  readonly push: Push
  /** Who has it in hand. Stays on one that was superseded or cancelled meanwhile, until its holder has noticed. */
  readonly owner: ProcessId | null
  /** Why somebody wants it to end while it runs. */
  readonly cancel: string | null
  readonly interruptions: number
  /** Attempts before the present one. */
  readonly earlier: readonly Attempt[]
}

interface Attempt {
  readonly attempt: number
  readonly startedAt: string | null
  readonly steps: readonly StepRecord[]
  /** Absent where none was made. */
  readonly plan?: Plan
}

/** What is stored of a delivery, but its body. */
export interface DeliveryRow {
  readonly id: string
  readonly receivedAt: string
  readonly event: string
  readonly push: Push | null
  readonly apps: readonly string[]
  readonly skipped: string | null
  /** Ids of all that were made for it; some may have been forgotten. */
  readonly deployments: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly signedBy: readonly string[]
}

export type DeploymentFilter = ListOptions & {
  readonly app?: string
  readonly status?: Deployment['status']
}

/**
 * Where rows lie. Synchronous, so that one rule is one transaction whatever stores it; lists are oldest first where nothing else is said.
 */
export interface Tables {
  insert(row: DeploymentRow): void
  /** Replaces the row of the same id. */
  update(row: DeploymentRow): void
  deployment(id: string): DeploymentRow | undefined
  /** Those of these ids that are there, in their order. */
  deploymentsOf(ids: readonly string[]): readonly DeploymentRow[]
  /** Newest first. */
  deployments(filter: DeploymentFilter): readonly DeploymentRow[]
  /** The oldest in nobody's hands that waits, of an app that isn't among `busy`. */
  firstWaiting(busy: ReadonlySet<string>): DeploymentRow | undefined
  /** Without an end; all, or those of an app and ref. */
  unsettled(of?: { readonly app: string; readonly ref: string }): readonly DeploymentRow[]
  /** In somebody's hands. */
  inHands(): readonly DeploymentRow[]

  /** Notes for ever that a deployment of this app ended for this commit. */
  remember(app: string, commit: string): void
  remembers(app: string, commit: string): boolean
  everDeployed(app: string): boolean

  /** Inserts, or replaces the row of the same id in its place; without a body the old one stays. */
  putDelivery(row: DeliveryRow, body?: Uint8Array): void
  delivery(id: string): DeliveryRow | undefined
  body(delivery: string): Uint8Array | undefined
  /** Newest first. */
  deliveries(options: ListOptions): readonly DeliveryRow[]

  /** Ids of up to `limit` deliveries from before a time, all of whose deployments have ended. */
  oldDeliveries(before: string, limit: number): readonly string[]
  /** Apps that have deployments. */
  apps(): readonly string[]
  /** Ids of up to `limit` ended deployments of an app beyond its newest `keep` ended ones, but its newest success. */
  spareDeployments(app: string, keep: number, limit: number): readonly string[]
  removeDelivery(id: string): void
  removeDeployment(id: string): void
}
