import type { Plan } from './plan.ts'

/** A successful deployment kept so that one can go back to it. */
export interface Release {
  /** Sorts by time: `20260131T120000.000Z-0123456`. */
  readonly id: string
  /** Full SHA; its objects stay in the checkout as long as the release does. */
  readonly commit: string
  readonly ref: string
  /** When it succeeded, RFC 3339. */
  readonly at: string
  /** Id of its deployment, where one was recorded. */
  readonly deployment?: string
  /** Name of its Compose project. */
  readonly project: string
  readonly plan: Plan
  readonly services: Readonly<Record<string, ReleasedService>>
}

export interface ReleasedService extends Content {
  /** Id of the image that its containers ran; absent where it had none. */
  readonly image?: string
  /** The name that keeps that image from being pruned. */
  readonly tag?: string
  /** Its section as Compose resolved it, to be read: whatever may be a secret is left out (`***`). */
  readonly section?: Readonly<Record<string, unknown>>
}

/** What a service consists of, as digests: equal where it is built from the same, configured the same and mounts the same. */
export interface Content {
  readonly buildKey?: string
  readonly configuration?: string
  /** Of what it mounts, by path. */
  readonly mounts?: Readonly<Record<string, string>>
}

/** What must not be deployed until it changes, or somebody ends the hold. */
export interface Holds {
  /** The whole app. */
  readonly app?: { readonly reason?: string; readonly by: string; readonly at: string }
  /** Content of services, newest first. */
  readonly content: readonly HeldContent[]
}

export interface HeldContent extends Content {
  readonly service: string
  /** The commit that brought it. */
  readonly commit: string
  /** Id of the deployment that failed with it. */
  readonly deployment?: string
  /** What went wrong, or why somebody went back. */
  readonly reason: string
  /** It did not fail: somebody went back to an earlier release. */
  readonly left?: true
  readonly at: string
}
