import { isEngineOutage } from '../decisions/is-engine-outage.ts'
import { lastSuccess } from '../decisions/last-success.ts'
import { firstEver, rolledBack, rollbackFailed } from '../decisions/tell-rollback.ts'
import { touchedServices } from '../decisions/touched-services.ts'
import type { Clock } from '../executors/clock.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { networkProbe } from '../executors/network-probe.ts'
import { nodeFiles } from '../executors/node-files.ts'
import type { Probe } from '../executors/probe.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { Rescue } from '../pipeline.ts'
import { bringBack, type Deployment } from '../project/bring-back.ts'
import { holdFailed } from '../project/hold-failed.ts'
import { skip } from '../step.ts'

export interface RollBackOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly engine?: Engine
  readonly probe?: Probe
  readonly clock?: Clock
  /** Milliseconds to wait for an engine that doesn't answer. Default: 0. */
  readonly patience?: number
  /** From 0 up to 1, for the waits before the engine is asked again. */
  readonly random?: () => number
}

/**
 * As a pipeline's `rescue`: where a deployment failed after it had touched containers and `rollout.onFailure` is `rollback`, brings the last
 * success back (checkout, images, containers), proves that it is healthy, and holds the content that failed. The failure then tells of it.
 */
export function rollBack({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  engine = dockerEngine(),
  probe = networkProbe(),
  clock = systemClock(),
  patience = 0,
  random = Math.random,
}: RollBackOptions = {}): Rescue<Deployment> {
  return async ({ step, error, ctx }, run) => {
    const { app, project, plan, services, basis, pull, push, deployment } = ctx
    if (!app || !project || !plan || !services || !basis || !pull || !push)
      return skip('no container was touched')
    if (app.rollout.onFailure === 'keep') return skip('`rollout.onFailure` is keep')
    if (isNoFault(step, error)) return skip('what is deployed is not at fault')
    const now = await engine.containers(project.name, run)
    const { containers: before, recorded } = basis
    if (touchedServices({ plan, before, now, recorded }).length === 0) return skip('no container was touched')

    const failed = {
      app,
      project,
      plan,
      services,
      basis,
      pull,
      push,
      ...(deployment === undefined ? {} : { deployment }),
    }
    const release = lastSuccess(app.name, recorded, await git.releases(app.path, app.name, run))
    if (!release) throw firstEver(error, app)
    run.log.warn(`${pull.after} of ${app.name} failed; going back to ${release.commit}`)
    const executors = { git, compose, files, engine, probe, clock, patience, random }
    try {
      await bringBack(failed, release, executors, run)
    } catch (again) {
      run.signal.throwIfAborted()
      throw rollbackFailed({ app, project, error, again, release })
    }
    const held = await holdFailed(failed, { error, release }, { git, clock }, run)
    return rolledBack({ app, error, release, held })
  }
}

/** Steps that what is deployed doesn't fail: it is up and healthy by then. */
const afterwards = ['holdLeft', 'keepRelease', 'recordDeployed', 'prune']

/** Neither would another version fare better while the engine is away. */
function isNoFault(step: string, error: unknown): boolean {
  return afterwards.includes(step) || isEngineOutage(error)
}
