import type { Container } from '../domain/container.ts'
import { DeployError } from '../errors.ts'
import type { Engine } from '../executors/engine.ts'

/** An engine in memory. */
export interface FakeEngine extends Engine {
  /** What was asked, such as `containers shop` and `logs web 20`. */
  readonly calls: readonly string[]
  /** Sets what the next looks at a project see, in order; the last one stays. */
  readonly show: (project: string, ...looks: readonly (readonly Container[] | 'unavailable')[]) => void
  /** Sets what a container has written, by its id. */
  readonly write: (container: string, ...lines: readonly string[]) => void
}

/** A container that runs since long ago, with whatever differs. */
export function fakeContainer(changes: Partial<Container> & Pick<Container, 'service'>): Container {
  return {
    id: changes.service,
    name: `${changes.service}-1`,
    image: `sha256:${changes.service}`,
    state: 'running',
    exitCode: 0,
    restartCount: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    restartPolicy: 'no',
    publishesPort: false,
    ...changes,
  }
}

/** An engine that shows what it is told to. */
export function fakeEngine(): FakeEngine {
  const calls: string[] = []
  const looks = new Map<string, (readonly Container[] | 'unavailable')[]>()
  const written = new Map<string, readonly string[]>()
  const isThere = (id: string): boolean =>
    [...looks.values()].flat(2).some((shown) => shown !== 'unavailable' && shown.id === id)
  return {
    calls,
    show: (project, ...given) => void looks.set(project, [...given]),
    write: (container, ...lines) => void written.set(container, lines),
    async version(call) {
      call?.signal?.throwIfAborted()
      calls.push('version')
      return '0.0.0-fake'
    },
    async containers(project, call) {
      call?.signal?.throwIfAborted()
      calls.push(`containers ${project}`)
      const given = looks.get(project) ?? []
      const look = given.length > 1 ? given.shift() : given[0]
      if (look === 'unavailable') {
        throw new DeployError('docker_unavailable', 'The Docker engine does not answer')
      }
      return look ?? []
    },
    async logs(container, lines, call) {
      call?.signal?.throwIfAborted()
      calls.push(`logs ${container} ${lines}`)
      if (!isThere(container)) {
        throw new DeployError(
          'docker_unavailable',
          `The Docker engine refuses: no such container ${container}`,
        )
      }
      return lines === 0 ? [] : (written.get(container) ?? []).slice(-lines)
    },
  }
}
