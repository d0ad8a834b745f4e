import type { Container } from '../../domain/container.ts'
import type { Action, ServicePlan } from '../../domain/plan.ts'
import { imageName } from '../image-name.ts'
import { containerReasons } from './container-reasons.ts'
import type { RecreateReason } from './configuration-reasons.ts'
import type { ImageDecision } from './image-decision.ts'
import type { DesiredService, PlanInput } from './plan-input.ts'
import { isDone, startReasons } from './start-reasons.ts'

/** What is done with a service; `planned` are those before it in order. */
export function serviceAction(
  service: DesiredService,
  image: ImageDecision,
  input: PlanInput,
  planned: ReadonlyMap<string, ServicePlan>,
): ServicePlan {
  const { name, key } = service
  const containers = input.running.filter((container) => container.service === name)
  const reasons = containers.length === 0 ? [] : containerReasons(service, containers, image, input, planned)
  const start = startReasons(service, containers)
  const forced = reasons.some((reason) => reason.forced)
  const { action, because } = decide({ service, image, containers, reasons, start, input, planned })
  return {
    service: name,
    action,
    because: [...new Set(because)],
    ...(key && 'key' in key ? { buildKey: key.key } : {}),
    ...(image.does === 'tag' ? { image: image.image } : {}),
    ...(image.does === 'build' && image.pull ? { pull: true } : {}),
    ...(forced && action !== 'keep' ? { forced: true } : {}),
  }
}

interface Deciding {
  readonly service: DesiredService
  readonly image: ImageDecision
  readonly containers: readonly Container[]
  readonly reasons: readonly RecreateReason[]
  readonly start: readonly string[]
  readonly input: PlanInput
  readonly planned: ReadonlyMap<string, ServicePlan>
}

/** The action that does the most of what there is a reason for; every reason is told. */
function decide({ service, image, containers, reasons, start, input, planned }: Deciding): {
  readonly action: Action
  readonly because: readonly string[]
} {
  const sentences = reasons.map(({ sentence }) => sentence)
  if (image.does === 'build' || image.does === 'pull') {
    return { action: image.does, because: [...image.because, ...sentences, ...start] }
  }
  if (reasons.length > 0) return { action: 'recreate', because: [...sentences, ...start] }
  const about = image.does === 'nothing' ? [] : image.because
  if (start.length > 0)
    return { action: 'start', because: [...start, ...(containers.length === 0 ? about : [])] }
  const restart = restartReasons(service, containers, planned)
  if (restart.length > 0) return { action: 'restart', because: restart }
  if (image.does === 'tag' && containers.length > 0) {
    return {
      action: 'keep',
      because: [`${imageName(input.project, service)} names the image again that ${service.name} runs`],
    }
  }
  if (image.does === 'tag') return { action: 'keep', because: about }
  return { action: 'keep', because: containers.some(isDone) ? [`${service.name} is done`] : [] }
}

function restartReasons(
  { name, dependsOn = [] }: DesiredService,
  containers: readonly Container[],
  planned: ReadonlyMap<string, ServicePlan>,
): readonly string[] {
  if (!containers.some(({ state }) => state === 'running')) return []
  return dependsOn.flatMap(({ service, restart, shares }) => {
    const plan = planned.get(service)
    if (restart && isReplaced(plan)) return [`${service} is replaced, and ${name} is to be restarted with it`]
    return shares && plan?.action === 'restart' ? [`it lives in ${service}, which is restarted`] : []
  })
}

/** Whether a service gets new containers. */
function isReplaced(plan: ServicePlan | undefined): boolean {
  return plan !== undefined && ['build', 'pull', 'recreate'].includes(plan.action)
}
