import type { Project, Service } from '../domain/project.ts'
import type { Call } from '../run.ts'

/** What reading a project's files needs of a run, and whom it tells what it finds. */
export interface ReadingCall extends Call {
  /** Told of each variable that has neither a value nor a default, once. */
  readonly unset?: (name: string) => void
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
    options: { timeout: number },
    call?: Call,
  ): Promise<void>
  /** `up -d`: creates and starts what differs; `timeout` in milliseconds. */
  up(project: Project, options: { timeout: number }, call?: Call): Promise<void>
}
