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
  /** Further paths of the host that it uses: bind mounts, and files of its configs and secrets. Absolute. */
  readonly paths?: readonly string[]
}

/** A service's build section. Paths are absolute; `context` may be a URL. */
export interface Build {
  readonly context: string
  readonly dockerfile?: string
  readonly additionalContexts: readonly string[]
  /** Digest of the whole section as resolved: arguments, target and all. */
  readonly digest: string
}
