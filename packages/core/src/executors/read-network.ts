import type { ContainerInspectInfo } from 'dockerode'
import type { Container, PublishedPort } from '../domain/container.ts'

type Inspected = Pick<ContainerInspectInfo, 'HostConfig'> & {
  readonly NetworkSettings?: Partial<ContainerInspectInfo['NetworkSettings']>
}

/** How a container can be reached beside its own addresses. */
export function readNetwork({
  HostConfig,
  NetworkSettings,
}: Inspected): Pick<Container, 'onHostNetwork' | 'ports'> {
  const ports = Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([port, bindings]) =>
    published(port, bindings as readonly Binding[] | null),
  )
  return {
    ...(HostConfig.NetworkMode === 'host' ? { onHostNetwork: true } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  }
}

interface Binding {
  readonly HostIp: string
  readonly HostPort: string
}

/** A port as the Engine writes it, such as `8080/tcp`; without bindings it is exposed, not published. */
function published(port: string, bindings: readonly Binding[] | null): readonly PublishedPort[] {
  const [, number] = /^(\d+)\/tcp$/.exec(port) ?? []
  if (number === undefined) return []
  return (bindings ?? []).map(({ HostIp, HostPort }) => ({
    port: Number(number),
    publishedAt: HostIp,
    publishedPort: Number(HostPort),
  }))
}
