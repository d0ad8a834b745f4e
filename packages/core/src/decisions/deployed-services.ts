import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Plan } from '../domain/plan.ts'
import type { DeployedState, ServiceState } from '../domain/state.ts'
import type { DesiredService } from './plan-deployment.ts'

export interface DeployedServicesInput {
  readonly plan: Plan
  readonly services: readonly DesiredService[]
  /** As they were found healthy. */
  readonly containers: readonly Container[]
  /** What was recorded before. */
  readonly basis: { readonly recorded: DeployedState | undefined; readonly takenUp?: DeployedState }
  readonly app: { readonly rebuild: Pick<App['rebuild'], 'mode'> }
  readonly now: Date
}

/** What is recorded of each service after success. */
export function deployedServices(input: DeployedServicesInput): Readonly<Record<string, ServiceState>> {
  const { plan, services } = input
  const entries = services
    .map((service) => {
      const planned = plan.services.find((one) => one.service === service.name)
      return [service.name, serviceState(service, planned, input)] as const
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries)
}

function serviceState(
  { name, build, configuration, environment, sections, mounts }: DesiredService,
  planned: Plan['services'][number] | undefined,
  { app, containers, basis, now }: DeployedServicesInput,
): ServiceState {
  const own = containers.filter(({ service }) => service === name)
  const before = (basis.takenUp ?? basis.recorded)?.services[name]
  // Images are made of what lies in the checkout, but where the operator decides when.
  const made = ['auto', 'always'].includes(app.rebuild.mode) || planned?.action === 'build'
  const from = made
    ? {
        build: build?.digest,
        buildSections: build?.sections,
        context: build?.context,
        buildKey: planned?.buildKey,
      }
    : {
        build: before?.build,
        buildSections: before?.buildSections,
        context: before?.context,
        buildKey: before?.buildKey,
      }
  const hashes = new Set(own.map(({ configHash }) => configHash))
  return withoutUndefined({
    ...(build ? from : {}),
    image: own[0]?.image,
    configuration,
    configHash: hashes.size === 1 ? own[0]?.configHash : undefined,
    environment,
    sections,
    mounts,
    refreshedAt: planned?.pull ? now.toISOString() : before?.refreshedAt,
    containers: own.map(({ id }) => id).toSorted(),
  })
}

function withoutUndefined(state: {
  readonly [Key in keyof ServiceState]: ServiceState[Key] | undefined
}): ServiceState {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)) as ServiceState
}
