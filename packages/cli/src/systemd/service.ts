/** What a unit is made from. */
export interface Service {
  /** The configuration file. */
  readonly file: string
  readonly user: string
  /** The group that may use the engine; absent where there is none of that name. */
  readonly dockerGroup?: string
  /** Program and arguments, absolute. */
  readonly command: readonly string[]
  readonly workingDirectory: string
  /** Folders that it writes to. */
  readonly writable: readonly string[]
  /** Those of them that aren't there yet. */
  readonly missing: readonly string[]
  /** What the configuration takes from the environment. */
  readonly variables: Readonly<Record<string, string>>
  /** Secrets that systemd reads from a file and hands over. */
  readonly credentials: readonly Credential[]
  /** Names of secrets that stand in `.env` beside the configuration, where they go on to work. */
  readonly secretsBeside: readonly string[]
  /** Milliseconds that the longest deployment may take. */
  readonly longest: number
  readonly protectHome: 'yes' | 'read-only'
  readonly privateTmp: boolean
}

/** A secret in a file that root alone needs to read. */
export interface Credential {
  /** Name of the variable that it stands for. */
  readonly name: string
  readonly file: string
}
