import type { ServicePlan } from '../domain/plan.ts'
import type { Dependency } from '../domain/project.ts'

/** Services for one `up`. */
export interface UpBatch {
  readonly services: readonly string[]
  readonly force: boolean
}

type Depending = { readonly name: string; readonly dependsOn?: readonly Dependency[] }

/**
 * Which services are brought up together: those that Compose is told to recreate apart from those that it decides on itself, at most
 * two calls. What both a forced one and its dependants get new is forced for all of them, so that the order holds within one call.
 */
export function upBatches(plans: readonly ServicePlan[], services: readonly Depending[]): readonly UpBatch[] {
  const touched = plans.filter(({ action }) => ['build', 'pull', 'recreate', 'start'].includes(action))
  const needs = new Map(
    services.map(({ name, dependsOn = [] }) => [name, dependsOn.map(({ service }) => service)]),
  )
  const forced = new Set<string>()
  for (const { service, action, forced: isForced } of touched) {
    const isAfterForced = needs.get(service)?.some((name) => forced.has(name)) ?? false
    if (isForced || (isAfterForced && action !== 'start')) forced.add(service)
  }
  const batch = (force: boolean): UpBatch => ({
    services: touched.map(({ service }) => service).filter((name) => forced.has(name) === force),
    force,
  })
  const [first, second] = [batch(true), batch(false)]
  const isNeeded = (name: string): boolean =>
    first.services.some((service) => needs.get(service)?.includes(name))
  const batches = second.services.some(isNeeded) ? [second, first] : [first, second]
  return batches.filter((one) => one.services.length > 0)
}
