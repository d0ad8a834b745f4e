import type { DesiredService } from './plan-input.ts'

/** Services after those that they depend on or are built from, otherwise as given. */
export function inOrder<S extends Pick<DesiredService, 'name' | 'dependsOn' | 'bases'>>(
  services: readonly S[],
): readonly S[] {
  const byName = new Map(services.map((service) => [service.name, service]))
  const ordered = new Set<S>()
  const begun = new Set<S>()
  const add = (service: S): void => {
    // A circle of a base that depends on what is built from it ends here.
    if (begun.has(service)) return
    begun.add(service)
    for (const name of neededBy(service)) {
      const needed = byName.get(name)
      if (needed) add(needed)
    }
    ordered.add(service)
  }
  for (const service of services) add(service)
  return [...ordered]
}

/** Names of the services that one depends on or is built from. */
function neededBy({
  dependsOn = [],
  bases = [],
}: Pick<DesiredService, 'dependsOn' | 'bases'>): readonly string[] {
  return [...bases, ...dependsOn.map(({ service }) => service)]
}
