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
}
