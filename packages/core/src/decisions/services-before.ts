import type { Container } from '../domain/container.ts'
import type { Service } from '../domain/project.ts'

/** What a service depends on, over others too, that neither runs nor is done; in the order of `services`. */
export function servicesBefore(
  name: string,
  services: readonly Service[],
  containers: readonly Container[],
): readonly Service[] {
  const byName = new Map(services.map((service) => [service.name, service]))
  const needed = new Set<string>()
  const waiting = [...(byName.get(name)?.dependsOn ?? [])]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (needed.has(next.service) || next.service === name || isThere(next.service, containers)) continue
    needed.add(next.service)
    waiting.push(...(byName.get(next.service)?.dependsOn ?? []))
  }
  return services.filter((service) => needed.has(service.name))
}

function isThere(name: string, containers: readonly Container[]): boolean {
  return containers.some(
    ({ service, state, exitCode, restartPolicy }) =>
      service === name &&
      (state === 'running' || (state === 'exited' && exitCode === 0 && restartPolicy === 'no')),
  )
}
