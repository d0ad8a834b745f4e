import type { Container } from '../domain/container.ts'
import type { Service } from '../domain/project.ts'
import { judgeContainer, type Judged, wait } from './judge-container.ts'
import { judgeDependants } from './judge-dependants.ts'

/** One look at the containers of a project. Times in milliseconds. */
export interface HealthInput {
  /** What must be up. Containers of other services are not judged. */
  readonly services: readonly Pick<Service, 'name' | 'replicas' | 'dependsOn'>[]
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

export interface Standing extends Pick<Container, 'state' | 'startedAt' | 'restartCount'> {
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

/** Whether a project is up. Decided as soon as one service failed for certain, or all of them stand still. */
export function judgeHealth(input: HealthInput): HealthJudgement {
  const standings = input.containers.map((container) => [container.id, remember(container, input)] as const)
  // Those missing from this look too: an engine that restarts lists them again, and then they are not new.
  const seen = new Map([...input.seen, ...standings])
  const jobs = new Set(input.services.flatMap(jobsBefore))
  const judged = input.services
    .filter(({ replicas }) => replicas > 0)
    .map((service) => judgeService(service, input, { seen, isJob: jobs.has(service.name) }))
  const services = judgeDependants(judged, input)
  const has = (state: ServiceHealth['state']): boolean => services.some((service) => service.state === state)
  return { verdict: has('failed') ? 'failed' : has('waiting') ? 'waiting' : 'healthy', services, seen }
}

/** What has to end well before a service starts (`service_completed_successfully`). */
function jobsBefore({ dependsOn = [] }: HealthInput['services'][number]): readonly string[] {
  return dependsOn
    .filter(({ condition }) => condition === 'service_completed_successfully')
    .map(({ service }) => service)
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

function judgeService(
  { name: service, replicas }: HealthInput['services'][number],
  input: HealthInput,
  known: { readonly seen: Seen; readonly isJob: boolean },
): ServiceHealth {
  const containers = input.containers.filter((container) => container.service === service)
  const judged = containers.map((container) => ({ container, ...judgeContainer(container, input, known) }))
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
