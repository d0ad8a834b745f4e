import type { HeldContent } from './release.ts'

/** What stands in `refs/fairway/state/<app>`: the last success, and what was begun since. */
export interface DeployedState {
  /** Commit of the last success; absent before the first. */
  readonly commit?: string
  /** Name of the Compose project of that success. */
  readonly project?: string
  /** Id of the release that it is. */
  readonly release?: string
  /** Id of the deployment that succeeded, where one was recorded. */
  readonly deployment?: string
  readonly services: Readonly<Record<string, ServiceState>>
  /** Services that an unfinished or failed deployment may have replaced since. */
  readonly unsettled: readonly string[]
  /** What a deployment has brought up and not yet found healthy. */
  readonly settling?: Settling
  /** A way back after a failure that is not done yet. */
  readonly goingBack?: GoingBack
}

/** Services as they would be recorded if they were found healthy: should the process end meanwhile, the next attempt knows them. */
export interface Settling {
  /** Id of the deployment that brought them up. */
  readonly deployment: string
  readonly services: Readonly<Record<string, ServiceState>>
}

/** Noted before the way back begins: should the process end meanwhile, the next attempt goes on with it. */
export interface GoingBack {
  /** Id of the deployment that failed. */
  readonly deployment: string
  /** What it failed with, as a `DeployError` says it: its code, its message, its services. */
  readonly code: string
  readonly reason: string
  readonly services: readonly string[]
  /** What is to be held. */
  readonly held: readonly HeldContent[]
}

/** A service as the last success left it. */
export interface ServiceState {
  /** Digest of the build section that its image was made from. */
  readonly build?: string
  /** Short digests of the parts of that section. */
  readonly buildSections?: Readonly<Record<string, string>>
  /** The context of that section. */
  readonly context?: string
  /** Key of the image that it ran, where that can be told. */
  readonly buildKey?: string
  /** Id of the image that its container ran. */
  readonly image?: string
  /** Digest of its resolved configuration, `env_file` included, without its build section. */
  readonly configuration?: string
  /** Compose's own digest of it, as its containers are labelled. */
  readonly configHash?: string
  /** Short digests of its environment by key, to name those that changed: never values. */
  readonly environment?: Readonly<Record<string, string>>
  /** Short digests of the parts of its configuration, to name those that changed. */
  readonly sections?: Readonly<Record<string, string>>
  /** When registries were last asked for newer base images of it, RFC 3339. */
  readonly refreshedAt?: string
  /** Digests of the content of what it mounts (bind mounts, configs, secrets), by path; `$NAME`: a variable's value. */
  readonly mounts?: Readonly<Record<string, string>>
  /** Ids of its containers. */
  readonly containers?: readonly string[]
}
