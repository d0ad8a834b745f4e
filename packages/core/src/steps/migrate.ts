import { servicesBefore } from '../decisions/services-before.ts'
import type { App } from '../domain/app.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project, Service } from '../domain/project.ts'
import { DeployError, isDeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { untilHealthy } from './until-healthy.ts'

export interface MigrateOptions {
  readonly compose?: Compose
  readonly engine?: Engine
  readonly clock?: Clock
  /** Milliseconds to wait for an engine that doesn't answer. Default: the app's `healthTimeout`. */
  readonly patience?: number
  /** From 0 up to 1, for the waits before the engine is asked again. */
  readonly random?: () => number
}

/**
 * Runs the service that `migrate` names once, to its end, from its new image; belongs after building and before containers are replaced.
 * What it depends on is left as it runs, and started where it doesn't. Fails with `migration_failed`. Nothing to do where a plan keeps it.
 */
export function migrate({
  compose = composeCli(),
  engine = dockerEngine(),
  clock = systemClock(),
  patience,
  random = Math.random,
}: MigrateOptions = {}): Step<{ app: App; project: Project; services: readonly Service[]; plan?: Plan }> {
  return step('migrate', async ({ app, project, services, plan }, run) => {
    const name = app.migrate?.service
    const planned = plan?.services.find(({ service }) => service === name)
    if (name === undefined || planned?.action === 'keep') return
    const missing = servicesBefore(name, services, await engine.containers(project.name, run))
    if (missing.length > 0) {
      const names = missing.map((service) => service.name)
      run.log.info(`Starting ${names.join(', ')}, which ${name} of ${app.name} needs`)
      await compose.up(project, { timeout: app.timeouts.up, services: names }, run)
      await untilHealthy(
        { rollout: app.rollout, project, services: missing },
        { engine, clock, random, patience: patience ?? app.rollout.healthTimeout },
        run,
      )
    }
    run.log.info(`Running ${name} of ${app.name} once, before any other container is replaced`)
    await compose
      .run(project, name, { timeout: app.timeouts.up }, run)
      .catch((error: unknown) => Promise.reject(explain(error, { app, name, run })))
    run.log.info(`${name} of ${app.name} is done`)
  })
}

function explain(
  error: unknown,
  { app, name, run }: { readonly app: App; readonly name: string; readonly run: Run },
): unknown {
  const isItsOwn = isDeployError(error, 'compose_failed') || isDeployError(error, 'timeout')
  if (!isItsOwn || run.signal.aborted) return error
  return new DeployError(
    'migration_failed',
    `The migration of ${app.name} by ${name} failed: ${error.message}`,
    {
      output: error.output,
      hint: 'What was deployed before still runs; what the migration did to the data until then is not undone',
      cause: error,
    },
  )
}
