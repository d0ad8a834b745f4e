import type { ContainerInspectInfo } from 'dockerode'
import type { Container } from '../domain/container.ts'

type Labels = Readonly<Record<string, string>>

/** The Engine API's description of a container in a deploy's words; what older engines leave out counts as absent. */
export function readContainer({
  Id,
  Name,
  Image,
  Config,
  State,
  HostConfig,
  RestartCount,
}: ContainerInspectInfo & { RestartCount?: number }): Container {
  const health = oneOf(State.Health?.Status, ['starting', 'healthy', 'unhealthy'] as const)
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    service: (Config.Labels as Labels | null | undefined)?.['com.docker.compose.service'] ?? '',
    image: Image,
    state:
      oneOf(State.Status, [
        'created',
        'running',
        'paused',
        'restarting',
        'removing',
        'exited',
        'dead',
      ] as const) ?? 'created',
    exitCode: State.ExitCode,
    restartCount: RestartCount ?? 0,
    startedAt: State.StartedAt,
    restartPolicy:
      oneOf(HostConfig.RestartPolicy?.Name, ['always', 'unless-stopped', 'on-failure'] as const) ?? 'no',
    publishesPort: Object.keys((HostConfig.PortBindings as object | null | undefined) ?? {}).length > 0,
    ...(health === undefined ? {} : { health }),
  }
}

function oneOf<T extends string>(value: string | undefined, known: readonly T[]): T | undefined {
  return known.find((candidate) => candidate === value)
}
