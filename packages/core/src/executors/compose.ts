import type { Relocation } from '../decisions/relocation.ts'
import type { Project, Service } from '../domain/project.ts'
import type { Call } from '../run.ts'

/** A call that may concern files which lie elsewhere. */
export interface RelocatedCall extends Call {
  /** The project's files lie elsewhere meanwhile: they are read there, and what Compose says of them is told as if they lay in their place. */
  readonly relocation?: Relocation
}

/** What reading a project's files needs of a run, and whom it tells what it finds. */
export interface ReadingCall extends RelocatedCall {
  /** Told of each variable that has neither a value nor a default, once. */
  readonly unset?: (name: string) => void
  /** Digest of all that Compose reads of the project: with the same one an answer of before may be given again. */
  readonly digest?: string
}

/** Docker Compose. */
export interface Compose {
  /** Compose's version, such as `2.26.1`; rejects with `docker_unavailable` where it is missing. */
  version(call?: Call): Promise<string>
  /** Names the engine that this talks to, the same from every process: part of the name of a project's lock. */
  engine(call?: Call): Promise<string>
  /** Reads and checks the project's files as Compose resolves them; `compose_invalid` when Compose refuses them. */
  services(project: Project, call?: ReadingCall): Promise<readonly Service[]>
  /** Builds these services' images; `timeout` in milliseconds. */
  build(
    project: Project,
    services: readonly string[],
    options: {
      readonly timeout: number
      /** Labels that an image gets beside those of its files, by service. */
      readonly labels?: Readonly<Record<string, Readonly<Record<string, string>>>>
      /** Asks registries for newer base images. */
      readonly pull?: boolean
    },
    call?: Call,
  ): Promise<void>
  /** `up -d`: creates and starts what differs; `timeout` in milliseconds. */
  up(project: Project, options: UpOptions, call?: Call): Promise<void>
  /** Restarts the containers of these services; `timeout` in milliseconds. */
  restart(
    project: Project,
    services: readonly string[],
    options: { readonly timeout: number },
    call?: Call,
  ): Promise<void>
  /**
   * Runs one service once, to its end, from the image that it has and without what it depends on; rejects with `compose_failed` unless it
   * ends with 0. Leaves no container behind, cancelled or not; `timeout` in milliseconds.
   */
  run(project: Project, service: string, options: { readonly timeout: number }, call?: Call): Promise<void>
  /** The services whose containers `up` would recreate, create or start, as Compose itself sees it (`up --dry-run`). */
  wouldTouch(project: Project, services: readonly string[], call?: RelocatedCall): Promise<readonly string[]>
}

export interface UpOptions {
  readonly timeout: number
  /** These services alone, without what they depend on, and nothing built; default: the whole project. */
  readonly services?: readonly string[]
  /** Recreates them, also where Compose sees no difference. */
  readonly force?: boolean
  /** Creates and starts what is not there or does not run; what is there stays, also where Compose sees a difference. */
  readonly keep?: boolean
  /** Asks no registry, whatever the services say. */
  readonly offline?: boolean
}
