import type { ContainerInspectInfo } from 'dockerode'
import type { Container } from '../domain/container.ts'
import { readHealthcheck } from './read-healthcheck.ts'
import { readNetwork } from './read-network.ts'

type Labels = Readonly<Partial<Record<string, string>>>

/** The Engine API's description of a container in a deploy's words; what older engines leave out counts as absent. */
export function readContainer({
  Id,
  Name,
  Image,
  Config,
  State,
  HostConfig,
  RestartCount,
  NetworkSettings,
}: ContainerInspectInfo & { RestartCount?: number }): Container {
  const health = oneOf(State.Health?.Status, ['starting', 'healthy', 'unhealthy'] as const)
  const labels = (Config.Labels as Labels | null | undefined) ?? {}
  const configHash = labels['com.docker.compose.config-hash']
  const healthOutput = State.Health?.Log?.at(-1)?.Output.trim()
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    service: labels['com.docker.compose.service'] ?? '',
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
    addresses: addressesIn(NetworkSettings),
    ...(configHash === undefined ? {} : { configHash }),
    ...(health === undefined ? {} : { health }),
    ...(healthOutput ? { healthOutput } : {}),
    ...readHealthcheck(Config),
    ...readNetwork({ HostConfig, NetworkSettings }),
  }
}

function addressesIn(
  settings: Partial<ContainerInspectInfo['NetworkSettings']> | undefined,
): readonly string[] {
  const networks = Object.values(settings?.Networks ?? {})
  const addresses = networks.flatMap(({ IPAddress, GlobalIPv6Address }) => [IPAddress, GlobalIPv6Address])
  return addresses.filter(Boolean)
}

function oneOf<T extends string>(value: string | undefined, known: readonly T[]): T | undefined {
  return known.find((candidate) => candidate === value)
}
