import type { Container } from '../domain/container.ts'
import type { Plan } from '../domain/plan.ts'
import type { DeployedState } from '../domain/state.ts'

export interface TouchedInput {
  readonly plan: Plan
  /** As they were when the plan was made. */
  readonly before: readonly Container[]
  readonly now: readonly Container[]
  /** What the last success recorded, as the plan was made of it. */
  readonly recorded: DeployedState | undefined
}

/**
 * Services whose containers this deployment has replaced, made, removed or started anew, or an earlier one that did not succeed either.
 * What merely ended or was restarted by its own policy meanwhile isn't among them.
 */
export function touchedServices({ plan, before, now, recorded }: TouchedInput): readonly string[] {
  const planned = plan.services.filter(({ action }) => action !== 'keep').map(({ service }) => service)
  const earlier = recorded?.unsettled ?? []
  return [...new Set([...planned, ...earlier])].filter((service) => {
    const [then, since] = [of(service, before), of(service, now)]
    const known = recorded?.services[service]?.containers
    if (earlier.includes(service) && known && !sameIds(known, since)) return true
    return (
      planned.includes(service) &&
      (!sameIds(idsOf(then), since) || since.some((one) => wasStarted(one, then)))
    )
  })
}

function of(service: string, containers: readonly Container[]): readonly Container[] {
  return containers.filter((container) => container.service === service)
}

function idsOf(containers: readonly Container[]): readonly string[] {
  return containers.map(({ id }) => id)
}

function sameIds(ids: readonly string[], containers: readonly Container[]): boolean {
  return ids.length === containers.length && containers.every(({ id }) => ids.includes(id))
}

/** By somebody: a restart by its policy counts. */
function wasStarted({ id, startedAt, restartCount }: Container, before: readonly Container[]): boolean {
  const then = before.find((container) => container.id === id)
  return then !== undefined && then.startedAt !== startedAt && restartCount <= then.restartCount
}
