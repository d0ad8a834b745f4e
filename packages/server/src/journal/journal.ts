import type { Container, Looked, Plan, ProcessId, Push, Status } from '@fairway/core'

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
  /** Why it ended as it did, or why it was asked for where nobody pushed; null for a plain success, but not for a way back. */
  readonly reason: string | null
  /** Full SHA of what is deployed; null until it is known. */
  readonly commit: string | null
  /** First line of the commit's message, and who wrote it, cleaned; null until known. */
  readonly subject: string | null
  readonly author: string | null
  /** Counts from 1; one more each time it is taken up again. */
  readonly attempt: number
  /** Id of the delivery that asked for it; null where a person or the catch-up did. */
  readonly delivery: string | null
  /** The deployment that it gave way to. */
  readonly supersededBy: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** Of the last attempt. */
  readonly steps: readonly StepRecord[]
  /** What it does, and why; of the last attempt that got so far, or of the one whose work that one kept. Null until it is known. */
  readonly plan: Plan | null
  /** What it left, running or not; null where it changed nothing, or the engine could not be asked. */
  readonly containers: readonly ContainerRecord[] | null
}

/** A container that a deployment left. */
export interface ContainerRecord extends Left {
  /** Null: it was there before anything was recorded of it, or somebody made it by hand. */
  readonly madeBy: MadeBy | null
}

/** What made a container, and why. */
export interface MadeBy {
  /** Ids. */
  readonly deployment: string
  readonly delivery: string | null
  readonly commit: string
  /** The plan's sentences on its service. */
  readonly because: readonly string[]
  /** When that was recorded. */
  readonly at: string
}

/** A container, as far as it is recorded. */
export type Left = Pick<Container, 'service' | 'id' | 'image'>

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

/** What came over the wire: kept for `replay` and for looking at what was sent. */
export interface Received {
  /** Only those of `keptHeaders`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Ids of the secrets that matched. */
  readonly signedBy: readonly string[]
}

/** A verified delivery on its way into the journal: what to deploy, or why nothing. */
export type Accepted = { readonly id: string; readonly event: string; readonly received?: Received } & (
  | { readonly push: Push; readonly apps: readonly string[] }
  | { readonly push?: Push; readonly skipped: string }
)

/** What became of it. */
export interface Acceptance {
  readonly deployments: readonly Pick<Deployment, 'id' | 'app' | 'status'>[]
  /** Every app of it was taken up by an earlier receipt of the same delivery. */
  readonly duplicate: boolean
  /** Ids of queued deployments that gave way to newer ones of it. */
  readonly superseded: readonly string[]
}

/** A deployment that no delivery asked for. */
export interface Request {
  readonly app: string
  readonly push: Push
  /** Kept as the reason until it ends, such as `missed while down`. */
  readonly reason?: string
  /** This process runs it itself: nobody else is handed it while this one lives. Default: whoever looks for work. */
  readonly claim?: boolean
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
  /** Null, but for what is skipped: as it was noted before. */
  readonly commit: string | null
  readonly subject?: string | null
  readonly author?: string | null
  /** Absent: as it was noted before. */
  readonly plan?: Plan
  /** The containers of its project after it; absent where they are not known, or none of its concern. */
  readonly left?: readonly Left[]
}

export interface ListOptions {
  /** Default: 50. */
  readonly limit?: number
  /** Id: only what is older. */
  readonly before?: string
}

/**
 * The record of deliveries and deployments, and their queue: per app the newest push wins over those not started.
 * Several processes may have the same one open, each with a handle of its own; what a promise here resolves to is stored for good.
 */
export interface Journal {
  /** Stores the delivery with its deployments, or rejects having stored nothing. */
  accept(delivery: Accepted): Promise<Acceptance>
  /** A delivery was refused before it was verified: counted, not kept. */
  refused(why: string): void
  /**
   * Stores a deployment that a person or the catch-up asked for; supersedes like a push of its ref. No push supersedes what a
   * person asked for, as it may turn out not to be followed; only a rebuild supersedes a rebuild, and only the same way back a way back.
   */
  request(request: Request): Promise<Deployment>
  /**
   * Queues a new deployment for each app of a stored delivery, whatever became of it; for none where it was skipped. Rejects with
   * `not_found`.
   */
  replay(delivery: string): Promise<Acceptance>

  /** Hands the oldest queued deployment of an app that isn't among `busy` to this process; undefined when there is none. */
  next(busy: ReadonlySet<string>): Promise<Claim | undefined>
  /** It has its locks: from now on a newer push waits for it. False when it was superseded or cancelled meanwhile. */
  started(id: string): Promise<boolean>
  stepEnded(id: string, step: StepRecord): Promise<void>
  /** It is known what it does, and of which commit: for others to see while it runs, and for its end if an attempt dies before. */
  planned(id: string, plan: Plan, told?: Pick<Looked, 'subject' | 'author'>): Promise<void>
  /** Ends a deployment; one that has ended already stays as it is. */
  ended(id: string, ending: Ending): Promise<void>
  /** Its process stops before it has ended: the next start takes it up again, as its next attempt. */
  interrupted(id: string): Promise<void>
  /**
   * Puts what dead processes had in their hands back into the queue: `interrupted`, and after `maxAttempts` interruptions `failure`.
   * Gives those that it touched, as they are now. What living processes have stays theirs.
   */
  recover(isAlive: (owner: ProcessId) => boolean, maxAttempts: number): Promise<readonly Deployment[]>

  /** Ends a queued deployment at once as `cancelled`; of one that runs it notes that somebody wants it to end. Gives it as it is now. */
  cancel(id: string, reason: string): Promise<Deployment | undefined>
  /**
   * Ids of deployments in somebody's hands that should end, with the reason: those that run and that somebody cancelled, and those
   * not yet started that were cancelled or superseded under their holder, until `ended` says that it has noticed.
   */
  cancellations(): Promise<ReadonlyMap<string, string>>
  /** Whether another process has written since the last time this was asked; cheap enough for every 250 ms. */
  changedByOthers(): boolean
  /** Calls the listener as soon as another process has written, where that can be told; of one process, which works on that. */
  watch?(listener: () => void): () => void
  /** Calls the listener as soon as the process that works has stored something, where that can be told. */
  follow?(listener: () => void): () => void

  deployment(id: string): Promise<Deployment | undefined>
  /** Newest first. */
  deployments(
    filter?: ListOptions & { readonly app?: string; readonly status?: DeploymentStatus },
  ): Promise<readonly Deployment[]>
  /** Newest first. */
  deliveries(filter?: ListOptions): Promise<readonly DeliveryRecord[]>
  delivery(id: string): Promise<(DeliveryRecord & { readonly received: Received | null }) | undefined>
  /**
   * Whether a deployment of this app ever ended for this commit, whatever has been pruned since; and whether any succeeded at all.
   * Before the commit is known, the pushed one counts. One that was superseded leaves that to the newer one, and one that
   * was skipped before its commit was known may have been of a ref that nobody follows: those don't count.
   */
  history(app: string, commit: string): Promise<{ readonly ended: boolean; readonly everDeployed: boolean }>

  /** Forgets what is older than it has to be; never what isn't settled. Gives how much. */
  prune(keep: Keep): Promise<{ readonly deliveries: number; readonly deployments: readonly string[] }>
  /** Writes a consistent copy to a file that isn't there yet. */
  backup(file: string): Promise<void>
  /** Rejects when nothing can be stored. */
  check(): Promise<void>
  close(): Promise<void>
}

/** How long what is settled is kept; ages in milliseconds, deployments per app. */
export interface Keep {
  readonly deliveries: number
  readonly deployments: number
}
