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
  /** Since the wait began, by a clock that never runs backwards. */
  readonly elapsed: number
  readonly settle: number
  readonly healthTimeout: number
}

/** By container id: since when it stands still, and how often it had been restarted at the first look. */
export type Seen = ReadonlyMap<string, Standing>

interface Standing extends Pick<Container, 'state' | 'startedAt' | 'restartCount'> {
  readonly since: number
  readonly firstRestarts: number
  /** With which it ended last; the engine shows 0 as long as one runs. */
  readonly exitCode?: number
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
  const standings = input.containers.map((container) => [container.id, remember(container, input)] as const)
  // Those missing from this look too: an engine that restarts lists them again, and then they are not new.
  const seen = new Map([...input.seen, ...standings])
  const services = input.services
    .filter(({ replicas }) => replicas > 0)
    .map((service) => judgeService(service, input, seen))
  const has = (state: ServiceHealth['state']): boolean => services.some((service) => service.state === state)
  return { verdict: has('failed') ? 'failed' : has('waiting') ? 'waiting' : 'healthy', services, seen }
}

function remember(container: Container, input: HealthInput): Standing {
  const { id, state, startedAt, restartCount, exitCode } = container
  const before = input.seen.get(id)
  if (before?.state === state && before.startedAt === startedAt && before.restartCount === restartCount) {
    return before
  }
  const hasEnded = state === 'restarting' || state === 'exited' || state === 'dead'
  const lastExit = hasEnded ? exitCode : before?.exitCode
  const firstRestarts = before?.firstRestarts ?? restartsUntilNow(container, input)
  const standing = { state, startedAt, restartCount, since: input.elapsed, firstRestarts }
  return lastExit === undefined ? standing : { ...standing, exitCode: lastExit }
}

/** A container that was made for this deployment begins at no restarts; one that was there before, at what it had. */
function restartsUntilNow({ startedAt, restartCount }: Container, { seen, now }: HealthInput): number {
  if (seen.size > 0) return 0
  // The engine's growing pauses stretch ten restarts over more than 100 s: too long ago for this deployment.
  // Far ahead of now: a clock was set back, and it may have run for long.
  const isNew = Math.abs(now - Date.parse(startedAt)) < 10_000 && restartCount < 10
  return isNew ? 0 : restartCount
}

type Judged = Pick<ServiceHealth, 'state' | 'sentence'>

function judgeService(
  { name: service, replicas }: HealthInput['services'][number],
  input: HealthInput,
  seen: Seen,
): ServiceHealth {
  const containers = input.containers.filter((container) => container.service === service)
  const judged = containers.map((container) => ({ container, ...judgeContainer(container, input, seen) }))
  const all: Judged[] = [...judged]
  if (containers.length < replicas) all.push(judgeMissing(service, containers.length, replicas, input))
  const worst =
    all.find(({ state }) => state === 'failed') ?? all.find(({ state }) => state === 'waiting') ?? all[0]
  const failed = judged.filter(({ state }) => state === 'failed').map(({ container }) => container)
  return { service, state: worst?.state ?? 'waiting', sentence: worst?.sentence ?? '', failed }
}

function judgeMissing(service: string, there: number, replicas: number, input: HealthInput): Judged {
  const sentence =
    there === 0
      ? `no container of ${service} was created`
      : `only ${there} of ${replicas} containers of ${service} were created`
  return wait(sentence, input, sentence)
}

function judgeContainer(container: Container, input: HealthInput, seen: Seen): Judged {
  const { id, service, state, exitCode, restartCount } = container
  const standing = seen.get(id)
  const restarts = restartCount - (standing?.firstRestarts ?? restartCount)
  // A job that ends well after some tries is done.
  if (restarts >= crashLoop && !isOver(container)) {
    const last = standing?.exitCode === undefined ? '' : `, last exit code ${standing.exitCode}`
    return { state: 'failed', sentence: `${service} was restarted ${restarts} times${last}` }
  }
  switch (state) {
    case 'running':
      return judgeRunning(container, input, stood(standing, input))
    case 'exited':
      return judgeExited(container, input, stood(standing, input))
    case 'dead':
      return { state: 'failed', sentence: `${service} is dead, exit code ${exitCode}` }
    case 'restarting':
      return wait(
        `${service} is restarting`,
        input,
        `${service} is restarting after ${input.healthTimeout / 1000} s, last exit code ${exitCode}`,
      )
    default:
      return wait(`${service} is ${state}`, input)
  }
}

function stood(standing: Standing | undefined, { elapsed }: HealthInput): number {
  return elapsed - (standing?.since ?? elapsed)
}

function judgeRunning(container: Container, input: HealthInput, stoodFor: number): Judged {
  const { service, health, restartCount, startedAt } = container
  const { now, settle, healthTimeout } = input
  if (health === 'unhealthy') return { state: 'failed', sentence: `${service} is unhealthy` }
  if (health === 'starting') return wait(`${service} is still starting (health: starting)`, input)
  // One that never was restarted has stood still since it was started, seen or not.
  const settled = stoodFor >= settle || (restartCount === 0 && now - Date.parse(startedAt) >= settle)
  if (settled) {
    return { state: 'up', sentence: health === 'healthy' ? `${service} is healthy` : `${service} is up` }
  }
  return wait(
    `${service} has not stood still for ${settle / 1000} s`,
    input,
    `${service} did not stand still for ${settle / 1000} s within ${healthTimeout / 1000} s`,
  )
}

function judgeExited(container: Container, input: HealthInput, stoodFor: number): Judged {
  const { service, exitCode, restartPolicy, health, publishesPort } = container
  const sentence = `${service} exited with code ${exitCode}`
  if (isOver(container)) {
    if (publishesPort) return { state: 'failed', sentence: `${sentence}, though it publishes a port` }
    if (health !== undefined) return { state: 'failed', sentence: `${sentence}, though it has a healthcheck` }
    return { state: 'up', sentence: `${service} is done` }
  }
  if (restartPolicy === 'no') return { state: 'failed', sentence }
  // Some engines show `exited` between two lives; one that stays so was given up, or stopped by hand.
  const givenUp = `${sentence} and was not restarted`
  return stoodFor >= input.settle ? { state: 'failed', sentence: givenUp } : wait(sentence, input, givenUp)
}

/** Ended well, and nobody restarts it. */
function isOver({ state, exitCode, restartPolicy }: Container): boolean {
  return state === 'exited' && exitCode === 0 && (restartPolicy === 'no' || restartPolicy === 'on-failure')
}

/** One has to wait, which is a failure when time is up. */
function wait(
  sentence: string,
  { elapsed, healthTimeout }: HealthInput,
  whenLate = `${sentence} after ${healthTimeout / 1000} s`,
): Judged {
  return elapsed < healthTimeout ? { state: 'waiting', sentence } : { state: 'failed', sentence: whenLate }
}
