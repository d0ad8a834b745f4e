import { judgeHealth, type HealthJudgement, type Seen } from '../decisions/judge-health.ts'
import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Project, Service } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'
import { awaitEngine } from './await-engine.ts'

export interface WaitHealthyOptions {
  readonly engine?: Engine
  readonly clock?: Clock
  /** Milliseconds to wait for an engine that doesn't answer; they don't count as the containers'. Default: the app's `healthTimeout`. */
  readonly patience?: number
  /** From 0 up to 1, for the waits before the engine is asked again. */
  readonly random?: () => number
}

/** Milliseconds between two looks. */
const pause = 250
/** Lines of its log that a failed container is shown with. */
const logLines = 20

/** Proves through the Engine that what was brought up stays up: Compose's exit code says nothing of it. Fails with `unhealthy`. */
export function waitHealthy({
  engine = dockerEngine(),
  clock = systemClock(),
  patience,
  random = Math.random,
}: WaitHealthyOptions = {}): Step<
  { app: App; project: Project; services: readonly Service[] },
  { containers: readonly Container[] }
> {
  return step('waitHealthy', async ({ app, project, services }, run) => {
    const { healthTimeout, settle } = app.rollout
    const [began, wall] = [clock.monotonic(), clock.now().getTime()]
    let away = 0
    const patiently = awaitEngine({
      clock,
      random,
      patience: patience ?? healthTimeout,
      run,
      back: (milliseconds) => (away += milliseconds),
    })
    const told = new Set<string>()
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
      if (judgement.verdict === 'healthy') return { containers }
      if (judgement.verdict === 'failed') throw await failure(judgement, engine, run)
      await clock.sleep(pause, run.signal)
    }
  })
}

function tell({ services }: HealthJudgement, told: Set<string>, { log }: Run): void {
  for (const { service, state, sentence } of services) {
    if (state !== 'up' || told.has(service)) continue
    told.add(service)
    log.info(cleanText(sentence))
  }
}

async function failure({ services }: HealthJudgement, engine: Engine, run: Run): Promise<DeployError> {
  const failed = services.filter(({ state }) => state === 'failed')
  const output: string[] = []
  for (const container of failed.flatMap((service) => service.failed)) {
    output.push(...(await lastLines(container, engine, run)))
  }
  return new DeployError('unhealthy', failed.map(({ sentence }) => cleanText(sentence)).join('; '), {
    output,
    hint: 'What was deployed before is not brought back; push a fix, or deploy an earlier commit',
  })
}

async function lastLines(
  { id, name, state }: Container,
  engine: Engine,
  run: Run,
): Promise<readonly string[]> {
  const which = `${cleanText(name)} (${state})`
  try {
    const lines = await engine.logs(id, logLines, run)
    if (lines.length === 0) return [`${which} wrote nothing`]
    return [`Last lines of ${which}:`, ...lines.map((line) => `  ${cleanText(line, 1_000)}`)]
  } catch (error) {
    run.signal.throwIfAborted()
    // A log that can't be read, as with the driver `none`, must not hide what failed.
    const why = error instanceof Error ? error.message : String(error)
    return [`The log of ${which} cannot be read: ${cleanText(why)}`]
  }
}
