/** A container of a Compose project, as the Engine reports it. */
export interface Container {
  readonly id: string
  readonly name: string
  readonly service: string
  /** Image id, `sha256:...`. */
  readonly image: string
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
  readonly exitCode: number
  /** Absent where the container has no healthcheck. */
  readonly health?: 'starting' | 'healthy' | 'unhealthy'
  readonly restartCount: number
  /** When it was last started, RFC 3339. */
  readonly startedAt: string
  readonly restartPolicy: 'no' | 'always' | 'unless-stopped' | 'on-failure'
  readonly publishesPort: boolean
  /** Compose's digest of the configuration that it was made from. */
  readonly configHash?: string
  /** Addresses in its networks; empty while it doesn't run. */
  readonly addresses?: readonly string[]
  /** What its healthcheck said last; absent where it has none, or said nothing. */
  readonly healthOutput?: string
  /** Of a healthcheck with a start period, in milliseconds. */
  readonly healthcheck?: { readonly startPeriod: number; readonly interval: number; readonly timeout: number }
  /** It has the host's own network instead of addresses. */
  readonly onHostNetwork?: true
  /** TCP ports that the engine's machine forwards to it while it runs; absent where there are none. */
  readonly ports?: readonly PublishedPort[]
}

export interface PublishedPort {
  /** In the container. */
  readonly port: number
  /** Where it is published; `0.0.0.0` and `::` are every address of the engine's machine. */
  readonly publishedAt: string
  readonly publishedPort: number
}
