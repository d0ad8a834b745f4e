import type { Container } from '../../domain/container.ts'
import type { ServicePlan } from '../../domain/plan.ts'
import type { ServiceState } from '../../domain/state.ts'
import { imageName } from '../image-name.ts'
import { configurationReasons, type RecreateReason } from './configuration-reasons.ts'
import type { ImageDecision } from './image-decision.ts'
import { mountReasons } from './mount-reasons.ts'
import type { DesiredService, PlanInput } from './plan-input.ts'

/** Why the containers that a service has are replaced. */
export function containerReasons(
  service: DesiredService,
  containers: readonly Container[],
  image: ImageDecision,
  input: PlanInput,
  planned: ReadonlyMap<string, ServicePlan>,
): readonly RecreateReason[] {
  const recorded = input.recorded?.services[service.name]
  const isUnsettled = input.recorded?.unsettled.includes(service.name) ?? false
  return [
    ...imageReasons(service, containers, image, input),
    ...configurationReasons(service, recorded),
    ...mountReasons(service, recorded, input.changed),
    ...(isUnsettled
      ? unsettledReasons(service, containers, recorded)
      : foreignReasons(service, containers, recorded, input)),
    ...sharingReasons(service, planned),
    ...stuckReasons(service, containers),
  ]
}

function imageReasons(
  service: DesiredService,
  containers: readonly Container[],
  decision: ImageDecision,
  { project }: PlanInput,
): readonly RecreateReason[] {
  if (decision.does === 'follow') return decision.because.map(unforced)
  if (decision.does === 'build' || decision.does === 'pull' || decision.image === undefined) return []
  const { image } = decision
  if (containers.every((container) => container.image === image)) return []
  if (decision.does === 'tag') return decision.because.map(unforced)
  return [
    unforced(`${imageName(project, service)} is another image now than the one that ${service.name} runs`),
  ]
}

function unsettledReasons(
  { name }: DesiredService,
  containers: readonly Container[],
  recorded: ServiceState | undefined,
): readonly RecreateReason[] {
  const known = recorded?.containers ?? []
  if (containers.every(({ id }) => known.includes(id))) return []
  return [{ sentence: `a deployment that did not succeed may have replaced ${name}`, forced: true }]
}

/** Somebody else brought it up since, or nothing is known of it yet. */
function foreignReasons(
  { name }: DesiredService,
  containers: readonly Container[],
  recorded: ServiceState | undefined,
  { touched = [] }: PlanInput,
): readonly RecreateReason[] {
  if (recorded?.configuration === undefined) {
    return touched.includes(name)
      ? [unforced(`nothing is recorded of ${name} yet, and Compose itself would replace it`)]
      : []
  }
  const { configHash: expected } = recorded
  const isOther = ({ configHash }: Container): boolean =>
    expected !== undefined && configHash !== undefined && configHash !== expected
  return containers.some(isOther)
    ? [unforced(`somebody else brought ${name} up with another configuration`)]
    : []
}

function sharingReasons(
  { dependsOn = [] }: DesiredService,
  planned: ReadonlyMap<string, ServicePlan>,
): readonly RecreateReason[] {
  return dependsOn.flatMap(({ service, shares }) => {
    const action = planned.get(service)?.action ?? 'keep'
    if (!shares || action === 'keep' || action === 'restart') return []
    // Brought up in one call with what it lives in, Compose itself makes it anew, as it would in a whole `up`.
    return [{ sentence: `it lives in ${service}, which is replaced`, forced: action === 'start' }]
  })
}

/** What neither runs nor can be started. */
function stuckReasons({ name }: DesiredService, containers: readonly Container[]): readonly RecreateReason[] {
  const stuck = containers.find(({ state }) => state === 'paused' || state === 'dead' || state === 'removing')
  return stuck === undefined ? [] : [{ sentence: `a container of ${name} is ${stuck.state}`, forced: true }]
}

function unforced(sentence: string): RecreateReason {
  return { sentence, forced: false }
}
