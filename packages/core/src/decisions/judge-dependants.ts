import type { HealthInput, ServiceHealth } from './judge-health.ts'

/** The same, with a service told as failed that nobody started, as what it depends on has failed. */
export function judgeDependants(
  judged: readonly ServiceHealth[],
  { services, containers }: Pick<HealthInput, 'services' | 'containers'>,
): readonly ServiceHealth[] {
  const failed = new Set(judged.filter(({ state }) => state === 'failed').map(({ service }) => service))
  if (failed.size === 0) return judged
  const needs = new Map(
    services.map(({ name, dependsOn = [] }) => [name, dependsOn.map(({ service }) => service)]),
  )
  const wasStarted = (name: string): boolean =>
    containers.some(({ service, state }) => service === name && state !== 'created')
  return judged.map((health): ServiceHealth => {
    const { service } = health
    if (wasStarted(service)) return health
    const cause = firstFailed(service, needs, failed)
    if (cause === undefined) return health
    return {
      service,
      state: 'failed',
      sentence: `${service} was not started, as it depends on ${cause}`,
      // What never ran wrote nothing.
      failed: [],
    }
  })
}

/** The nearest failed service that a service depends on, over others too. */
function firstFailed(
  service: string,
  needs: ReadonlyMap<string, readonly string[]>,
  failed: ReadonlySet<string>,
): string | undefined {
  const seen = new Set([service])
  const waiting = [...(needs.get(service) ?? [])]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (failed.has(next)) return next
    if (seen.has(next)) continue
    seen.add(next)
    waiting.push(...(needs.get(next) ?? []))
  }
  return undefined
}
