import { lostMounts } from '../decisions/lost-mounts.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Release } from '../domain/release.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Compose } from '../executors/compose.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Probe } from '../executors/probe.ts'
import type { Run } from '../run.ts'
import { isSkip, type NotArray, type Step } from '../step.ts'
import { applyPlan } from '../steps/apply-plan.ts'
import type { PlanContext } from '../steps/build-images.ts'
import { keepRelease } from '../steps/keep-release.ts'
import { makePlan } from '../steps/make-plan.ts'
import { recordDeployed } from '../steps/record-deployed.ts'
import { waitHealthy } from '../steps/wait-healthy.ts'
import { moveBack } from './move-back.ts'
import { readProject } from './read-project.ts'

/** A deployment under way, from its plan on. */
export interface Deployment extends PlanContext {
  readonly push: Push
  readonly pull: Pull
  /** Id of its record. */
  readonly deployment?: string
}

export interface BringBackExecutors {
  readonly git: Git
  readonly compose: Compose
  readonly files: Files
  readonly engine: Engine
  readonly probe: Probe
  readonly clock: Clock
  readonly patience: number
  readonly random: () => number
}

/** Brings a release back in place of a deployment that failed, inside its locks, and proves it healthy; rejects where it isn't. */
export async function bringBack(
  deployment: Deployment,
  release: Release,
  executors: BringBackExecutors,
  given: Run,
): Promise<void> {
  // What was found out before it failed may be otherwise now.
  const run: Run = { ...given, memory: new Map() }
  const { app, push, project, basis } = deployment
  const { recorded } = basis
  await doubtMounts(deployment, release, executors.git, run)
  const pull = await moveBack(app, release, executors, run)
  const found = await readProject(app, executors, run)
  if (found.project.name !== project.name) throw renamed(app, project.name, found.project.name)
  const { manual: _, ...plain } = push
  const back = { app, push: plain, pull, project: found.project, found, release }
  const planned = { ...back, ...(await perform(makePlan(executors), back, run)) }
  await perform(applyPlan(executors), planned, run)
  const up = { ...planned, ...(await perform(waitHealthy(executors), planned, run)) }
  const healthy = { ...up, ...(await perform(keepRelease(executors), up, run)) }
  // As if what failed had never been: what succeeded is the deployment before.
  const whose = recorded?.deployment === undefined ? {} : { deployment: recorded.deployment }
  await perform(recordDeployed(executors), { ...healthy, ...whose }, { ...run, log: silent })
}

/** A folder that the tree loses meanwhile and gets again is another one for whoever has it mounted: they are to be made anew. */
async function doubtMounts(
  { app, services }: Deployment,
  release: Release,
  git: Git,
  run: Run,
): Promise<void> {
  const names = lostMounts(services, release)
  const state = names.length === 0 ? undefined : await git.readState(app.path, app.name, run)
  if (!state) return
  const entries = Object.entries(state.services).map(([name, service]) => {
    const { containers: _, ...rest } = service
    return [name, names.includes(name) ? { ...rest, containers: [] } : service] as const
  })
  const unsettled = [...new Set([...state.unsettled, ...names])]
  await git.writeState(
    app.path,
    app.name,
    { ...state, services: Object.fromEntries(entries), unsettled },
    run,
  )
}

async function perform<Needs extends object, Adds extends (object & NotArray) | void>(
  step: Step<Needs, Adds>,
  ctx: Needs,
  run: Run,
): Promise<Adds> {
  run.signal.throwIfAborted()
  const added = await step.run(ctx, run)
  if (isSkip(added)) throw new Error(`${step.name} has nothing to do: ${added.reason}`)
  return added
}

/** The lock of that one isn't held. */
function renamed({ name }: App, now: string, before: string): DeployError {
  return new DeployError(
    'project_renamed',
    `Cannot go back with ${name}: its Compose project was called ${before} and is called ${now} now`,
    {
      hint: `Set COLOR and \`project\` back and deploy, or end the new one with: docker compose -p ${now} down`,
    },
  )
}

const ignore = (): void => {}
/** It would say that the deployment is done. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
