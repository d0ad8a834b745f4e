import type { Container } from '../domain/container.ts'
import type { Leftover } from '../domain/leftover.ts'
import type { Call } from '../run.ts'

/** The Docker engine, over its API. */
export interface Engine {
  /** The engine's version; rejects with `docker_unavailable` when it doesn't answer. */
  version(call?: Call): Promise<string>
  /** Every container of a Compose project, running or not; one-off containers (`compose run`) left out. */
  containers(project: string, call?: Call): Promise<readonly Container[]>
  /** The last lines that a container wrote, oldest first. */
  logs(container: string, lines: number, call?: Call): Promise<readonly string[]>
  /** Clears up after an interrupted recreate, which leaves what makes Compose's next `up` fail; gives what it removed or renamed. */
  removeLeftovers(project: string, call?: Call): Promise<readonly Leftover[]>
}
