import type { App, Clock, DeployError, Logger, Outcome, Push, RunEvent } from '@fairway/core'
import type { Claim, Journal } from './journal/journal.ts'
import type { DeploymentLogs } from './log/deployment-logs.ts'
import type { Deployed, DeployPipeline } from './pipelines.ts'
import type { PlanWatch } from './watch-plan.ts'
import type { Rollout } from './watch-rollout.ts'

export interface RunDeploymentOptions {
  readonly journal: Journal
  /** The app of that name as it is configured now. */
  readonly findApp: (name: string) => Promise<App | undefined>
  /** The pipeline of one run of a push, which tells what it does, and when it replaces containers. */
  readonly pipeline: (rollout: Rollout, watch: PlanWatch, push: Push) => DeployPipeline
  readonly log: Logger
  /** Where the log of this deployment alone is kept, with what its commands print. */
  readonly logs?: DeploymentLogs
  /** Masks secrets in the reason that is recorded. */
  readonly redact?: (text: string) => string
  /** Told of every step that ended, with the deployment it belongs to. */
  readonly observe?: (claim: Claim, event: RunEvent) => void
  /** Told how it ended, once that is stored. */
  readonly onEnd?: (claim: Claim, outcome: Outcome<Deployed>) => void
  /** How long it is tried to store that; when `signal` aborts, one more try is the last. Default: as long as it takes. */
  readonly storing?: { readonly within: number; readonly signal: AbortSignal }
  /** Told where it could not be stored. */
  readonly onUnstored?: (error: DeployError) => void
  /** For the waits that are the server's own. */
  readonly clock?: Clock
}

/** A deployment at work. */
export interface RunningDeployment {
  readonly app: string
  /** Resolves when its end is recorded, or when the next start is to take it up again. */
  readonly done: Promise<void>
  /** A newer push came before it had its lock. */
  supersede(): void
  /** Ends it as `cancelled`, wherever it is. */
  cancel(reason?: string): void
  /** The server stops: what replaces containers may finish, anything else is left to the next start. */
  handOver(): void
  /** The same, wherever it is. */
  handOverNow(): void
  /** Where it still waits for its lock, it starts anew with the app as it is configured now. */
  reconsider(): void
}
