import type { Container } from '../domain/container.ts'
import type { Service } from '../domain/project.ts'

/** One look at the containers of a project. Times in milliseconds. */
export interface HealthInput {
  /** What must be up. Containers of other services are not judged. */
  readonly services: readonly Pick<Service, 'name' | 'replicas'>[]
  readonly containers: readonly Container[]
  /** What earlier looks remember; empty at the first. */
  readonly seen: Seen
  /** Wall clock. */
  readonly now: number
  /** Clock that never runs backwards; 0 at the first look. */
  readonly elapsed: number
  readonly settle: number
  readonly healthTimeout: number
}

/** By container id: since when it stands still, and how often it had been restarted at the first look. */
export type Seen = ReadonlyMap<string, Standing>

interface Standing {
  readonly startedAt: string
  readonly restartCount: number
  readonly since: number
  readonly firstRestarts: number
}

/** What is known of a service: it is up, it failed for certain, or one has to wait and why. */
export interface ServiceHealth {
  readonly service: string
  readonly state: 'up' | 'waiting' | 'failed'
  /** Such as `web exited with code 3`. */
  readonly sentence: string
  /** The containers to look at when it failed. */
  readonly failed: readonly Container[]
}

export interface HealthJudgement {
  readonly verdict: 'waiting' | 'healthy' | 'failed'
  readonly services: readonly ServiceHealth[]
  /** To be given to the next look. */
  readonly seen: Seen
}

/** A container restarted this often during one deployment is in a crash loop. */
const crashLoop = 3

/** Whether a project is up. Decided as soon as one service failed for certain, or all of them stand still. */
export function judgeHealth(input: HealthInput): HealthJudgement {
  const seen = new Map(input.containers.map((container) => [container.id, remember(container, input)]))
  const late = input.elapsed >= input.healthTimeout
  const services = input.services
    .filter(({ replicas }) => replicas > 0)
    .map(({ name }) => {
      const health = judgeService(name, input, seen)
      return late && health.state === 'waiting' ? tooLate(health, input) : health
    })
  const has = (state: ServiceHealth['state']): boolean => services.some((service) => service.state === state)
  return { verdict: has('failed') ? 'failed' : has('waiting') ? 'waiting' : 'healthy', services, seen }
}

/** A container that was made for this deployment begins at no restarts; one that was there before, at what it had. */
function remember({ id, startedAt, restartCount }: Container, { seen, elapsed, now }: HealthInput): Standing {
  const before = seen.get(id)
  if (before?.startedAt === startedAt && before.restartCount === restartCount) return before
  const isNew = elapsed === 0 && now - Date.parse(startedAt) < 10_000
  return {
    startedAt,
    restartCount,
    since: elapsed,
    firstRestarts: before?.firstRestarts ?? (isNew ? 0 : restartCount),
  }
}

function judgeService(service: string, input: HealthInput, seen: Seen): ServiceHealth {
  const containers = input.containers.filter((container) => container.service === service)
  if (containers.length === 0) {
    return { service, state: 'waiting', sentence: `no container of ${service} was created`, failed: [] }
  }
  const judged = containers.map((container) => ({ container, ...judgeContainer(container, input, seen) }))
  const worst =
    judged.find(({ state }) => state === 'failed') ??
    judged.find(({ state }) => state === 'waiting') ??
    judged[0]
  const failed = judged
    .filter(({ state }) => state === worst?.state && state !== 'up')
    .map(({ container }) => container)
  return { service, state: worst?.state ?? 'waiting', sentence: worst?.sentence ?? '', failed }
}

type Judged = Pick<ServiceHealth, 'state' | 'sentence'>

function judgeContainer(container: Container, input: HealthInput, seen: Seen): Judged {
  const { service, state, exitCode, restartCount } = container
  const restarts = restartCount - (seen.get(container.id)?.firstRestarts ?? restartCount)
  if (restarts >= crashLoop) {
    return {
      state: 'failed',
      sentence: `${service} was restarted ${restarts} times, last exit code ${exitCode}`,
    }
  }
  switch (state) {
    case 'running':
      return judgeRunning(container, input, seen)
    case 'exited':
      return judgeExited(container)
    case 'dead':
      return { state: 'failed', sentence: `${service} is dead, exit code ${exitCode}` }
    default:
      return { state: 'waiting', sentence: `${service} is ${state}` }
  }
}

function judgeRunning(container: Container, { now, elapsed, settle }: HealthInput, seen: Seen): Judged {
  const { service, health, restartCount, startedAt } = container
  if (health === 'unhealthy') return { state: 'failed', sentence: `${service} is unhealthy` }
  if (health === 'starting') return { state: 'waiting', sentence: `${service} is still starting` }
  const stood = elapsed - (seen.get(container.id)?.since ?? elapsed)
  // One that never was restarted has stood still since it was started, seen or not.
  const settled = stood >= settle || (restartCount === 0 && now - Date.parse(startedAt) >= settle)
  return settled
    ? { state: 'up', sentence: health === 'healthy' ? `${service} is healthy` : `${service} is up` }
    : { state: 'waiting', sentence: `${service} has not stood still for ${settle / 1000} s` }
}

function judgeExited({ service, exitCode, restartPolicy, health, publishesPort }: Container): Judged {
  const stays = restartPolicy === 'no' || restartPolicy === 'on-failure'
  if (exitCode === 0 && stays && health === undefined && !publishesPort) {
    return { state: 'up', sentence: `${service} is done` }
  }
  // One that the engine restarts is between two lives; what counts is how often.
  if (restartPolicy !== 'no' && !(exitCode === 0 && stays)) {
    return { state: 'waiting', sentence: `${service} exited with code ${exitCode}` }
  }
  const though = publishesPort ? ', though it publishes a port' : ', though it has a healthcheck'
  return {
    state: 'failed',
    sentence: `${service} exited with code ${exitCode}${exitCode === 0 ? though : ''}`,
  }
}

function tooLate(health: ServiceHealth, { healthTimeout }: HealthInput): ServiceHealth {
  const after = health.failed.length === 0 ? '' : ` after ${healthTimeout / 1000} s`
  return { ...health, state: 'failed', sentence: `${health.sentence}${after}` }
}
