import type { ServicePlan } from '../domain/plan.ts'
import type { Dependency } from '../domain/project.ts'

/** The services that are restarted once all others are up, with those that live in them: they would lose their network. */
export function toRestart(
  plans: readonly ServicePlan[],
  services: readonly { readonly name: string; readonly dependsOn?: readonly Dependency[] }[],
): readonly string[] {
  const restarted = new Set(plans.filter(({ action }) => action === 'restart').map(({ service }) => service))
  for (const { service, action } of plans) {
    const { dependsOn = [] } = services.find(({ name }) => name === service) ?? {}
    const isInside = dependsOn.some((one) => one.shares && restarted.has(one.service))
    if (isInside && action !== 'keep' && action !== 'remove') restarted.add(service)
  }
  return [...restarted]
}
