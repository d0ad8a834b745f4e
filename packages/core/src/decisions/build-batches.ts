import type { Plan } from '../domain/plan.ts'
import type { DesiredService } from './plan-deployment.ts'

/** An image that is built once. */
export interface PlannedBuild {
  readonly service: DesiredService
  /** Further services that are given it, as they are built from the same. */
  readonly others: readonly DesiredService[]
  readonly buildKey?: string
  /** Registries are asked for newer base images. */
  readonly pull: boolean
}

/** What a plan builds, in batches: whatever a build is based on stands in a batch before it. */
export function buildBatches(
  plan: Plan,
  services: readonly DesiredService[],
): readonly (readonly PlannedBuild[])[] {
  const builds = distinctBuilds(plan, services)
  const batches: PlannedBuild[][] = []
  const placed = new Map<string, number>()
  for (const build of builds) {
    const all = [build.service, ...build.others]
    const after = (build.service.bases ?? []).map((base) => placed.get(base) ?? -1)
    const index = 1 + Math.max(-1, ...after)
    ;(batches[index] ??= []).push(build)
    for (const { name } of all) placed.set(name, index)
  }
  return batches
}

/** One for each key, in the plan's order. */
function distinctBuilds(plan: Plan, services: readonly DesiredService[]): readonly PlannedBuild[] {
  const builds = new Map<string, PlannedBuild>()
  for (const { service: name, action, buildKey, pull = false } of plan.services) {
    const service = services.find((one) => one.name === name)
    if (action !== 'build' || !service) continue
    const id = buildKey ?? `${name} alone`
    const before = builds.get(id)
    builds.set(
      id,
      before
        ? { ...before, others: [...before.others, service], pull: before.pull || pull }
        : { service, others: [], pull, ...(buildKey === undefined ? {} : { buildKey }) },
    )
  }
  return [...builds.values()]
}
