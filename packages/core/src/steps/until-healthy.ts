import { judgeHealth, type HealthJudgement, type Seen } from '../decisions/judge-health.ts'
import { type Asked, judgeProbe } from '../decisions/judge-probe.ts'
import type { ProbeTarget } from '../decisions/parse-probe.ts'
import type { Rollout } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Project, Service } from '../domain/project.ts'
import type { Clock } from '../executors/clock.ts'
import type { Engine } from '../executors/engine.ts'
import type { Run } from '../run.ts'
import { cleanText } from '../text.ts'
import { awaitEngine } from './await-engine.ts'
import { unhealthy } from './unhealthy.ts'

export interface UntilHealthyInput {
  readonly rollout: Pick<Rollout, 'healthTimeout' | 'settle'>
  readonly project: Project
  /** What must be up. */
  readonly services: readonly Service[]
  /** What must answer besides, once they are. */
  readonly ask?: AskReplicas
}

/** Asks every replica of a service once. */
export interface AskReplicas {
  readonly target: ProbeTarget
  readonly ask: (containers: readonly Container[]) => Promise<readonly Asked[]>
}

export interface UntilHealthyOptions {
  readonly engine: Engine
  readonly clock: Clock
  readonly patience: number
  readonly random: () => number
}

/** Milliseconds between two looks. */
const pause = 250

/** Looks until all services are up and answer; fails with `unhealthy` as soon as that is certain to come no more. */
export async function untilHealthy(
  { rollout: { healthTimeout, settle }, project, services, ask }: UntilHealthyInput,
  { engine, clock, patience, random }: UntilHealthyOptions,
  run: Run,
): Promise<readonly Container[]> {
  const [began, wall] = [clock.monotonic(), clock.now().getTime()]
  let away = 0
  const back = (milliseconds: number): void => void (away += milliseconds)
  const patiently = awaitEngine({ clock, random, patience, run, back })
  const told = new Set<string>()
  let upSince: number | undefined
  for (let seen: Seen = new Map(); ;) {
    const containers = await patiently(() => engine.containers(project.name, run))
    // Read after the look: however long it took, nobody saw the containers stand still meanwhile.
    const passed = clock.monotonic() - began
    const elapsed = passed - away
    // A wall clock that is set meanwhile must make no container older or younger.
    const now = wall + passed
    const judgement = judgeHealth({ services, containers, seen, now, elapsed, settle, healthTimeout })
    ;({ seen } = judgement)
    tell(judgement, told, run)
    if (judgement.verdict === 'failed') throw await unhealthy(failures(judgement), engine, run)
    if (judgement.verdict === 'healthy') {
      if (!ask) return containers
      upSince ??= elapsed
      const replicas = await ask.ask(containers)
      const answered = judgeProbe({ target: ask.target, replicas, elapsed: elapsed - upSince, healthTimeout })
      if (answered.verdict === 'failed') throw await unhealthy([answered], engine, run)
      if (answered.verdict === 'healthy') {
        run.log.info(cleanText(answered.sentence))
        return containers
      }
    }
    await clock.sleep(pause, run.signal)
  }
}

function tell({ services }: HealthJudgement, told: Set<string>, { log }: Run): void {
  for (const { service, state, sentence } of services) {
    if (state !== 'up' || told.has(service)) continue
    told.add(service)
    log.info(cleanText(sentence))
  }
}

function failures({ services }: HealthJudgement): HealthJudgement['services'] {
  return services.filter(({ state }) => state === 'failed')
}
