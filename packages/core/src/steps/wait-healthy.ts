import { judgeHealth, type HealthJudgement, type Seen } from '../decisions/judge-health.ts'
import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Project, Service } from '../domain/project.ts'
import { DeployError, isDeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'

export interface WaitHealthyOptions {
  readonly engine?: Engine
  readonly clock?: Clock
}

/** Milliseconds between two looks. */
const pause = 250
/** Lines of its log that a failed container is shown with. */
const logLines = 20

/** Proves through the Engine that what was brought up stays up: Compose's exit code says nothing of it. Fails with `unhealthy`. */
export function waitHealthy({
  engine = dockerEngine(),
  clock = systemClock(),
}: WaitHealthyOptions = {}): Step<
  { app: App; project: Project; services: readonly Service[] },
  { containers: readonly Container[] }
> {
  return step('waitHealthy', async ({ app, project, services }, run) => {
    const { healthTimeout, settle } = app.rollout
    const began = clock.monotonic()
    const told = new Set<string>()
    for (let seen: Seen = new Map(); ;) {
      const inTime = clock.monotonic() - began < healthTimeout
      const containers = await look(engine, project.name, inTime, run)
      if (containers) {
        // Read after the look: however long it took, nobody saw the containers stand still meanwhile.
        const elapsed = clock.monotonic() - began
        const now = clock.now().getTime()
        const judgement = judgeHealth({ services, containers, seen, now, elapsed, settle, healthTimeout })
        ;({ seen } = judgement)
        tell(judgement, told, run)
        if (judgement.verdict === 'healthy') return { containers }
        if (judgement.verdict === 'failed') throw await failure(judgement, engine, run)
      }
      await clock.sleep(pause, run.signal)
    }
  })
}

/** An engine that restarts is waited for, as long as there is time. */
async function look(
  engine: Engine,
  project: string,
  inTime: boolean,
  run: Run,
): Promise<readonly Container[] | undefined> {
  try {
    return await engine.containers(project, run)
  } catch (error) {
    if (!inTime || !isDeployError(error, 'docker_unavailable')) throw error
    return undefined
  }
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
