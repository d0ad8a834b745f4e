import type { Dependency } from '../domain/project.ts'
import { type Fields, isFields } from '../fields.ts'

/** What a service of a resolved configuration needs of others: `depends_on`, and those in whose network, processes or volumes it lives. */
export function readDependencies(service: Fields): readonly Dependency[] {
  const shared = new Set([
    ...sharing.flatMap((key) => serviceIn(service[key])),
    ...(Array.isArray(service['volumes_from']) ? service['volumes_from'] : []).flatMap(volumesOf),
  ])
  const named = isFields(service['depends_on']) ? Object.entries(service['depends_on']) : []
  const dependencies = named.map(([name, entry]): Dependency => {
    const { condition, restart } = isFields(entry) ? entry : {}
    return {
      service: name,
      condition: conditions.find((known) => known === condition) ?? 'service_started',
      restart: restart === true,
      shares: shared.has(name),
    }
  })
  const others = [...shared].filter((name) => !named.some(([known]) => known === name))
  return [
    ...dependencies,
    ...others.map((name) => ({ service: name, condition: conditions[0], restart: false, shares: true })),
  ]
}

const conditions = ['service_started', 'service_healthy', 'service_completed_successfully'] as const

const sharing = ['network_mode', 'ipc', 'pid'] as const

function serviceIn(value: unknown): readonly string[] {
  return typeof value === 'string' && value.startsWith('service:') ? [value.slice('service:'.length)] : []
}

/** `web`, `web:ro`; `container:...` is none of the project's services. */
function volumesOf(entry: unknown): readonly string[] {
  if (typeof entry !== 'string' || entry.startsWith('container:')) return []
  return [entry.replace(/:(?:ro|rw)$/, '')]
}
