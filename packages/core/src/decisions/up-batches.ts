import type { ServicePlan } from '../domain/plan.ts'
import type { Dependency } from '../domain/project.ts'

/** Services for one `up`. */
export interface UpBatch {
  readonly services: readonly string[]
  readonly force: boolean
  /** What is there of them stays. */
  readonly keep?: true
}

type Depending = { readonly name: string; readonly dependsOn?: readonly Dependency[] }

/**
 * Which services are brought up together: those that Compose is told to recreate apart from those that it decides on itself, at most
 * two calls, and one for what is only to be started. What both a forced one and its dependants get new is forced for all of them, so that the order holds within one call; so is
 * what a forced one lives in: Compose knows it in one call alone.
 */
export function upBatches(
  plans: readonly ServicePlan[],
  services: readonly Depending[],
  there: ReadonlySet<string> = new Set(),
): readonly UpBatch[] {
  const touched = plans.filter(({ action }) => ['build', 'pull', 'recreate', 'start'].includes(action))
  const needs = new Map(
    services.map(({ name, dependsOn = [] }) => [name, dependsOn.map(({ service }) => service)]),
  )
  const shares = new Map(
    services.map(({ name, dependsOn = [] }) => [
      name,
      dependsOn.filter((one) => one.shares).map(({ service }) => service),
    ]),
  )
  const replaced = touched.filter(({ action }) => action !== 'start').map(({ service }) => service)
  const forced = new Set(touched.filter((one) => one.forced).map(({ service }) => service))
  for (let before = -1; before < forced.size;) {
    before = forced.size
    for (const service of replaced) {
      const isAfterForced = needs.get(service)?.some((name) => forced.has(name))
      const isHostOfForced = [...forced].some((name) => shares.get(name)?.includes(service))
      if (isAfterForced || isHostOfForced) forced.add(service)
    }
  }
  const names = touched.map(({ service }) => service)
  // Compose up to 2.29 takes another set of services that are brought up together for another configuration, and would recreate it.
  const isTied = (name: string): boolean =>
    names.some((other) => needs.get(other)?.includes(name) || needs.get(name)?.includes(other))
  const started = touched
    .filter(({ action, service }) => action === 'start' && there.has(service) && !isTied(service))
    .map(({ service }) => service)
  const batch = (force: boolean): UpBatch => ({
    services: names.filter((name) => forced.has(name) === force && !started.includes(name)),
    force,
  })
  const [first, second] = [batch(true), batch(false)]
  const isNeeded = (name: string): boolean =>
    first.services.some((service) => needs.get(service)?.includes(name))
  const batches = second.services.some(isNeeded) ? [second, first] : [first, second]
  const rest: UpBatch = { services: started, force: false, keep: true }
  return [...batches, rest].filter((one) => one.services.length > 0)
}
