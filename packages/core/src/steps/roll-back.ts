import { failedContent } from '../decisions/failed-content.ts'
import { isEngineOutage } from '../decisions/is-engine-outage.ts'
import { lastSuccess } from '../decisions/last-success.ts'
import { firstEver, rolledBack, rollbackFailed } from '../decisions/tell-rollback.ts'
import { touchedServices } from '../decisions/touched-services.ts'
import type { App } from '../domain/app.ts'
import type { Push } from '../domain/push.ts'
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
import { bringBack, type BringBackExecutors, type Deployment, perform } from '../project/bring-back.ts'
import { moveBack } from '../project/move-back.ts'
import { noteWayBack } from '../project/note-way-back.ts'
import { type UnfinishedWayBack, unfinishedWayBack } from '../project/unfinished-way-back.ts'
import type { Run } from '../run.ts'
import { skip } from '../step.ts'
import { lockProject, type LockProjectOptions } from './lock-project.ts'

export interface RollBackOptions extends Pick<LockProjectOptions, 'locks' | 'wait' | 'who'> {
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
  ...manners
}: RollBackOptions = {}): Rescue<Deployment> {
  const lock = { git, compose, files, clock, ...manners }
  const executors = { git, compose, files, engine, probe, clock, patience, random }
  return async ({ step, error, ctx }, run) => {
    const { app, project, plan, services, basis, pull, push, deployment } = ctx
    if (!app || !push) return skip('no container was touched')
    if (app.rollout.onFailure === 'keep') return skip('`rollout.onFailure` is keep')
    if (!project || !plan || !services || !basis || !pull) {
      const unfinished = await unfinishedWayBack(app, deployment, git, run)
      if (!unfinished) return skip('no container was touched')
      return goOn({ app, push, error, unfinished }, executors, lock, run)
    }
    if (isNoFault(step, error)) return skip('what is deployed is not at fault')
    const now = await engine.containers(project.name, run)
    const { containers: before, recorded } = basis
    if (touchedServices({ plan, before, now, recorded }).length === 0) return skip('no container was touched')

    const release = lastSuccess(app.name, recorded, await git.releases(app.path, app.name, run))
    if (!release) throw firstEver(error, app)
    run.log.warn(`${pull.after} of ${app.name} failed; going back to ${release.commit}`)
    const own = deployment === undefined ? {} : { deployment }
    const failed = { plan, services, basis, ...own, commit: pull.after, error, release, now: clock.now() }
    const held = failedContent(failed)
    return finish({ app, project: project.name, error, release, held }, run, async () => {
      await noteWayBack({ app, services, ...own }, { error, release, held }, git, run)
      await bringBack(
        { app, push, project: project.name, deployment, recorded, release, held },
        executors,
        run,
      )
    })
  }
}

interface Unfinished {
  readonly app: App
  readonly push: Push
  readonly error: unknown
  readonly unfinished: UnfinishedWayBack
}

/** Goes on with the way back on which an earlier attempt was interrupted. */
async function goOn(
  { app, push, error, unfinished: { state, goingBack } }: Unfinished,
  executors: BringBackExecutors,
  lock: LockProjectOptions,
  run: Run,
): Promise<unknown> {
  const { git } = executors
  const release = lastSuccess(app.name, state, await git.releases(app.path, app.name, run))
  if (!release) throw firstEver(error, app)
  const { deployment, held } = goingBack
  run.log.warn(`${app.name} goes on to ${release.commit}, as its way back was interrupted`)
  const project = state.project ?? release.project
  return finish({ app, project, error, release, held }, run, async () => {
    await moveBack(app, release, executors, run)
    await perform(lockProject(lock), { app }, run)
    await bringBack({ app, push, project, deployment, recorded: state, release, held }, executors, run)
  })
}

/** Goes the way back, and gives the failure as it is told then. */
async function finish(
  told: Omit<Parameters<typeof rollbackFailed>[0], 'again'> & Parameters<typeof rolledBack>[0],
  run: Run,
  back: () => Promise<void>,
): Promise<Error> {
  try {
    await back()
  } catch (again) {
    run.signal.throwIfAborted()
    throw rollbackFailed({ ...told, again })
  }
  return rolledBack(told)
}

/** Steps that what is deployed doesn't fail: it is up and healthy by then. */
const afterwards = ['holdLeft', 'keepRelease', 'recordDeployed', 'prune']

/** Neither would another version fare better while the engine is away. */
function isNoFault(step: string, error: unknown): boolean {
  return afterwards.includes(step) || isEngineOutage(error)
}
