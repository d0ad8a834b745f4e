import type { Plan, ServicePlan } from '../domain/plan.ts'
import { cleanText } from '../text.ts'
import { decideImage, type ImageDecision } from './plan/image-decision.ts'
import { inOrder } from './plan/in-order.ts'
import type { DesiredService, PlanInput } from './plan/plan-input.ts'
import { planMigration, runOnce } from './plan/plan-migration.ts'
import { serviceAction } from './plan/service-action.ts'

export type { DesiredService, PlanInput } from './plan/plan-input.ts'

/** What a deployment would do with each service, and why. The same input gives the same plan. */
export function planDeployment(given: PlanInput): Plan {
  const input = runOnce(given)
  const services = inOrder(input.desired)
  const images = decideImages(services, input)
  const planned = new Map<string, ServicePlan>()
  for (const service of services) {
    const image = images.get(service.name) ?? { does: 'nothing' }
    planned.set(service.name, serviceAction(service, image, input, planned))
  }
  return {
    app: input.app,
    commit: input.commit,
    services: planMigration([...planned.values(), ...removed(input)], input).map(({ because, ...plan }) => ({
      ...plan,
      // They name files and keys of the repository.
      because: because.map((sentence) => cleanText(sentence, 500)),
    })),
  }
}

/** Those that are built first: others may run their images. */
function decideImages(
  services: readonly DesiredService[],
  input: PlanInput,
): ReadonlyMap<string, ImageDecision> {
  const decided = new Map<string, ImageDecision>()
  const [built, others] = [services.filter(({ build }) => build), services.filter(({ build }) => !build)]
  for (const service of [...built, ...others]) decided.set(service.name, decideImage(service, input, decided))
  return decided
}

/** What an earlier deployment brought up and the configuration hasn't any more. */
function removed({ desired, running, recorded }: PlanInput): readonly ServicePlan[] {
  const wanted = new Set(desired.map(({ name }) => name))
  const planned = Object.entries(recorded?.services ?? {})
    // Without one, whoever recorded it may have seen what the operator started himself.
    .filter(([, { configuration }]) => configuration !== undefined)
    .map(([name]) => name)
  return [...new Set([...planned, ...(recorded?.unsettled ?? [])])]
    .filter((name) => !wanted.has(name) && running.some(({ service }) => service === name))
    .toSorted()
    .map((service) => ({
      service,
      action: 'remove',
      because: [`the configuration does not bring up ${service} any more`],
    }))
}

/** Services with containers of which nothing is recorded: only Compose can tell whether they are as they should be. */
export function unrecorded({
  desired,
  running,
  recorded,
}: Pick<PlanInput, 'desired' | 'running' | 'recorded'>): readonly string[] {
  return desired
    .map(({ name }) => name)
    .filter((name) => running.some(({ service }) => service === name))
    .filter((name) => recorded?.services[name]?.configuration === undefined)
    .filter((name) => !recorded?.unsettled.includes(name))
}
