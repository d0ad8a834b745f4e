import type { ServicePlan } from '../../domain/plan.ts'
import { configurationReasons } from './configuration-reasons.ts'
import { mountReasons } from './mount-reasons.ts'
import type { PlanInput } from './plan-input.ts'

/** The same input, in which the service that `migrate` names wants no containers and has none. */
export function runOnce(input: PlanInput): PlanInput {
  const { migrate, desired, running } = input
  if (migrate === undefined) return input
  return {
    ...input,
    desired: desired.map((service) => (service.name === migrate ? { ...service, replicas: 0 } : service)),
    running: running.filter(({ service }) => service !== migrate),
  }
}

/** The same plan, in which the service that `migrate` names is run once or not at all (`start` or `keep`), instead of being brought up. */
export function planMigration(services: readonly ServicePlan[], input: PlanInput): readonly ServicePlan[] {
  const { migrate } = input
  if (migrate === undefined) return services
  return services.map((plan) => {
    if (plan.service !== migrate || plan.action === 'remove') return plan
    const { forced: _, ...rest } = plan
    if (input.pinned) return { ...rest, action: 'keep', because: [`what ${migrate} did to the data stays`] }
    // Its image is made or fetched, and then it runs.
    if (plan.action === 'build' || plan.action === 'pull') return rest
    const because = reasons(plan, services, input)
    return { ...rest, action: because.length > 0 ? 'start' : 'keep', because }
  })
}

function reasons(
  { service: name, image, because }: ServicePlan,
  services: readonly ServicePlan[],
  { desired, recorded, changed }: PlanInput,
): readonly string[] {
  const service = desired.find((candidate) => candidate.name === name)
  const state = recorded?.services[name]
  const others = services.filter((other) => other.service !== name && other.action !== 'keep')
  if (!service) return []
  return [
    ...(image === undefined ? [] : because),
    ...(state === undefined ? [`nothing is recorded of ${name} yet`] : []),
    ...(recorded?.unsettled.includes(name) ? [`a deployment that ran ${name} did not succeed`] : []),
    ...[...configurationReasons(service, state), ...mountReasons(service, state, changed)].map(
      ({ sentence }) => sentence,
    ),
    ...(others.length > 0 ? [`it runs before ${others.map((other) => other.service).join(', ')}`] : []),
  ]
}
