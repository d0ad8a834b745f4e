import { judgeHealth } from '../decisions/judge-health.ts'
import type { App } from '../domain/app.ts'
import type { Project, Service } from '../domain/project.ts'
import { DeployError, isDeployError } from '../errors.ts'
import type { Engine } from '../executors/engine.ts'
import type { Run } from '../run.ts'
import { unhealthy } from './unhealthy.ts'

export interface FailedUp {
  readonly app: App
  readonly project: Project
  /** What was brought up. */
  readonly services: readonly Service[]
  readonly engine: Engine
}

/** Compose names the container that it waited for in vain, and no more: where one failed, this is `unhealthy`, with what it wrote last. */
export async function explainFailedUp(
  error: unknown,
  { app, project, services, engine }: FailedUp,
  run: Run,
): Promise<unknown> {
  if (!isDeployError(error, 'compose_failed') || run.signal.aborted) return error
  try {
    const containers = await engine.containers(project.name, run)
    const { settle, healthTimeout } = app.rollout
    // One look is enough for what has ended or is unhealthy; of the rest it says nothing.
    const now = { seen: new Map(), now: 0, elapsed: 0, settle, healthTimeout }
    const judged = judgeHealth({ services, containers, ...now }).services
    const failed = judged.filter(({ state }) => state === 'failed')
    if (failed.length === 0) return error
    const { message, output, hint, services: guilty } = await unhealthy(failed, engine, run)
    return new DeployError('unhealthy', message, {
      output,
      services: guilty,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    })
  } catch {
    // What Compose said is what there is to tell.
    return error
  }
}
