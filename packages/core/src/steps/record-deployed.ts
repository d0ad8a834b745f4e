import { deployedServices } from '../decisions/deployed-services.ts'
import { isUnchanged } from '../decisions/is-unchanged.ts'
import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Pull } from '../domain/pull.ts'
import type { Rebuild } from '../domain/rebuild.ts'
import type { DeployedState, ServiceState } from '../domain/state.ts'
import type { Clock } from '../executors/clock.ts'
import type { Git } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { step, type Step } from '../step.ts'
import type { PlanContext } from './build-images.ts'

interface Deployed {
  readonly app: App
  readonly pull: Pull
  readonly containers: readonly Container[]
  /** Id of the deployment's record. */
  readonly deployment?: string
}

/** The last step: moves `refs/fairway/deployed/<app>`, the base of the next decision, and writes `refs/fairway/state/<app>`. */
export function recordDeployed({
  git = simpleGit(),
  clock = systemClock(),
}: { readonly git?: Git; readonly clock?: Clock } = {}): Step<
  Deployed & (PlanContext | { readonly rebuild: Rebuild })
> {
  return step('recordDeployed', async (ctx, run) => {
    const { app, pull, containers, deployment } = ctx
    const known =
      'plan' in ctx ? planned(ctx, containers, clock.now()) : { services: rebuilt(ctx.rebuild, containers) }
    const whose = deployment === undefined ? {} : { deployment }
    const state = { commit: pull.after, ...known, ...whose, unsettled: [] }
    await git.recordDeployed(app.path, app.name, state, run)
    run.log.info(`✅ Deployment task for ${app.name} finished.`)
  })
}

function planned(
  { app, project, plan, services, basis, release }: PlanContext,
  containers: readonly Container[],
  now: Date,
): Pick<DeployedState, 'project' | 'release' | 'services'> {
  const found = deployedServices({ app, plan, services, basis, containers, now })
  // What replaced nothing is still the release before.
  const id = release?.id ?? (isUnchanged({ plan, basis }) ? basis.recorded?.release : undefined)
  return { project: project.name, ...(id ? { release: id } : {}), services: found }
}

/** Of a project that was built and brought up as a whole. */
function rebuilt({ builds }: Rebuild, containers: readonly Container[]): DeployedState['services'] {
  const names = new Set([...Object.keys(builds), ...containers.map(({ service }) => service)])
  const services = [...names]
    .toSorted()
    .map((name) => [name, serviceState(name, builds, containers)] as const)
  return Object.fromEntries(services)
}

function serviceState(
  name: string,
  builds: Rebuild['builds'],
  containers: readonly Container[],
): ServiceState {
  const build = builds[name]
  const image = containers.find(({ service }) => service === name)?.image
  return { ...(build === undefined ? {} : { build }), ...(image === undefined ? {} : { image }) }
}
