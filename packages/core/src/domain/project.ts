/** A Compose project as the command line names it. Paths are absolute. */
export interface Project {
  readonly name: string
  /** `--project-directory`: the folder of the first Compose file. */
  readonly directory: string
  readonly files: readonly string[]
  readonly envFiles: readonly string[]
  readonly profiles: readonly string[]
  /** What Compose may read beside the env files. */
  readonly environment: Readonly<Record<string, string>>
}

/** A service of a resolved Compose configuration, as far as a deploy asks for it. */
export interface Service {
  readonly name: string
  readonly replicas: number
  readonly build?: Build
  /** Name of its image as its file says it; absent: Compose names it after project and service. */
  readonly image?: string
  /** `pull_policy`, where one is set. */
  readonly pullPolicy?: string
  /** `platform`, where one is set. */
  readonly platform?: string
  /** Further paths of the host that it uses: bind mounts, and files of its configs and secrets. Absolute. */
  readonly paths?: readonly string[]
  /** Variables whose values its configs and secrets are (`environment: NAME`). */
  readonly variables?: readonly string[]
  /** Services that it depends on: `depends_on`, and those whose network, volumes or processes it shares. */
  readonly dependsOn?: readonly Dependency[]
  /** Digest of its section as resolved, without what Compose recreates no container for (build, scale, order, profiles). */
  readonly configuration?: string
  /** Short digests of its environment by key. */
  readonly environment?: Readonly<Record<string, string>>
  /** Short digests of what that digest is made of beside the environment, such as `command`, and `networks.front` for a definition. */
  readonly sections?: Readonly<Record<string, string>>
  /** Its section as resolved, without whatever may be a secret. */
  readonly section?: Readonly<Record<string, unknown>>
}

/** What a service needs of another one. */
export interface Dependency {
  readonly service: string
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully'
  /** Restarted when that one is replaced (`restart: true`). */
  readonly restart: boolean
  /** Lives in that one's network, processes or volumes: replaced along with it. */
  readonly shares: boolean
}

/** A service's build section. Paths are absolute; `context` may be a URL. */
export interface Build {
  readonly context: string
  readonly dockerfile?: string
  readonly additionalContexts: readonly string[]
  /** Digest of the whole section as resolved: arguments, target and all. */
  readonly digest: string
  /** Short digests of its parts, such as `target` and `args.VERSION`, to name those that changed. */
  readonly sections?: Readonly<Record<string, string>>
  /** The section as resolved by Compose. */
  readonly section?: Readonly<Record<string, unknown>>
  /** Its secrets. */
  readonly secrets?: readonly BuildSecret[]
}

/** A secret of a build: a file (absolute), or a variable's value. */
export interface BuildSecret {
  readonly name: string
  readonly file?: string
  readonly environment?: string
}
