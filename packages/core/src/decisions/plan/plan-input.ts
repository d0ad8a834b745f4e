import type { Container } from '../../domain/container.ts'
import type { Image } from '../../domain/image.ts'
import type { Service } from '../../domain/project.ts'
import type { RebuildRules } from '../../domain/rebuild.ts'
import type { DeployedState } from '../../domain/state.ts'

/** Everything that a plan is made of. */
export interface PlanInput {
  readonly app: string
  /** Full SHA that is to be deployed. */
  readonly commit: string
  /** Name of the Compose project. */
  readonly project: string
  /** Directory of the checkout, as the services' build contexts are given. */
  readonly path: string
  readonly rules: RebuildRules
  /** The services of the Compose project at that commit. */
  readonly desired: readonly DesiredService[]
  /** The containers that the project has. */
  readonly running: readonly Container[]
  /** Images of the app, and those that the services name. */
  readonly images: readonly Image[]
  /** What the last success recorded, and what was begun since. */
  readonly recorded: DeployedState | undefined
  /** Files changed since the base, relative to the checkout, or why that can't be told. */
  readonly changed: readonly string[] | { readonly unknown: string }
  /** Whether the trigger file lies in the checkout untracked. */
  readonly triggered: boolean
  /** Whether a person asked for a rebuild. */
  readonly requested: boolean
  /** What a commit message asks to be built. */
  readonly rebuild?: 'all' | readonly string[] | undefined
  /** Of the services that nothing is recorded of: those that Compose itself would touch. */
  readonly touched?: readonly string[]
  /** Images that services must run, by id: those of the release that is gone back to. Nothing is built then. */
  readonly pinned?: Readonly<Record<string, string>> | undefined
  /** The service that is run once, before others are replaced. */
  readonly migrate?: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A service as it is to be, with what only looking at files tells. */
export interface DesiredService extends Service {
  /** Of a service with a build section: the key of what it is built from, or a sentence why it can't be told. */
  readonly key?: { readonly key: string } | { readonly unknown: string }
  /** Services of the project whose images its own is built from. */
  readonly bases?: readonly string[]
  /** Sentences that name what changed since the base of what its build reads. */
  readonly changes?: readonly string[]
  /** Digests of the content of what it mounts, by path relative to the checkout, absolute outside; `$NAME`: a variable's value. */
  readonly mounts?: Readonly<Record<string, string>>
}
