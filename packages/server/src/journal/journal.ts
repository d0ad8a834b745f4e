import type { Push, Status } from '@fairway/core'

export type DeploymentStatus =
  | 'queued'
  | 'in_progress'
  | 'success'
  | 'failure'
  | 'skipped'
  | 'superseded'
  | 'cancelled'
  | 'interrupted'

/** The record of one run for one app. Times are RFC 3339 in UTC. */
export interface Deployment {
  readonly id: string
  readonly app: string
  readonly status: DeploymentStatus
  /** Why it ended as it did; null while it goes on, and for a plain success. */
  readonly reason: string | null
  /** Full SHA that was deployed; null until it is known. */
  readonly commit: string | null
  readonly attempt: number
  /** Id of the delivery that asked for it. */
  readonly delivery: string
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly steps: readonly StepRecord[]
}

export interface StepRecord {
  readonly name: string
  readonly status: Status
  readonly durationMs: number
}

/** The record of a verified delivery. */
export interface DeliveryRecord {
  readonly id: string
  readonly receivedAt: string
  readonly event: string
  readonly repository: string | null
  readonly ref: string | null
  readonly before: string | null
  readonly after: string | null
  /** Ids of its deployments, those of every time it was processed. */
  readonly deployments: readonly string[]
  /** Why there was nothing to deploy. */
  readonly skipped: string | null
}

/** A verified delivery on its way into the journal: what to deploy, or why nothing. */
export type Accepted =
  | { readonly id: string; readonly event: string; readonly push: Push; readonly apps: readonly string[] }
  | { readonly id: string; readonly event: string; readonly push?: Push; readonly skipped: string }

/** What became of it. */
export interface Acceptance {
  readonly deployments: readonly Pick<Deployment, 'id' | 'app' | 'status'>[]
  /** Every app of it was taken up by an earlier receipt of the same delivery. */
  readonly duplicate: boolean
  /** Ids of queued deployments that gave way to newer ones of it. */
  readonly superseded: readonly string[]
}

/** A deployment that was handed to a worker. */
export interface Claim {
  readonly deployment: Deployment
  readonly push: Push
}

/** How a deployment ended. */
export interface Ending {
  readonly status: Status
  readonly reason: string | null
  readonly commit: string | null
}

/** The record of deliveries and deployments, and their queue: per app the newest push wins over those not started. */
export interface Journal {
  /** Stores the delivery with its deployments, or rejects having stored nothing. */
  accept(delivery: Accepted): Promise<Acceptance>
  /** The oldest queued deployment of an app that isn't among `busy`; undefined when there is none. */
  next(busy: ReadonlySet<string>): Promise<Claim | undefined>
  /** It has its locks: from now on a newer push waits for it. False when it was superseded meanwhile. */
  started(id: string): Promise<boolean>
  stepEnded(id: string, step: StepRecord): Promise<void>
  /** Ends a deployment; one that has ended already stays as it is. */
  ended(id: string, ending: Ending): Promise<void>
  deployment(id: string): Promise<Deployment | undefined>
  /** Newest first. */
  deployments(filter?: { readonly app?: string; readonly limit?: number }): Promise<readonly Deployment[]>
  /** Newest first. */
  deliveries(filter?: { readonly limit?: number }): Promise<readonly DeliveryRecord[]>
  /** Rejects when nothing can be stored. */
  check(): Promise<void>
  close(): Promise<void>
}
