/** What is done with a service. */
export type Action = 'build' | 'pull' | 'recreate' | 'start' | 'restart' | 'remove' | 'keep'

/** What a deployment does with one service, and why. */
export interface ServicePlan {
  readonly service: string
  readonly action: Action
  /** Sentences such as `web/index.html changed in build context web`. */
  readonly because: readonly string[]
  /** Of a service with a build section: the key of the image that it is to run; absent where it can't be told. */
  readonly buildKey?: string
  /** Id of a local image with that key: it is tagged instead of built. */
  readonly image?: string
  /** Registries are asked for newer base images as it is built. */
  readonly pull?: true
  /** Compose would not see why: it is told to recreate. */
  readonly forced?: true
}

/** What a deployment would do, as data; services in dependency order. */
export interface Plan {
  readonly app: string
  /** Full SHA that is to be deployed. */
  readonly commit: string
  readonly services: readonly ServicePlan[]
}
