import { addHeld } from '../decisions/hold-content.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { HeldContent, Release } from '../domain/release.ts'
import type { DeployedState } from '../domain/state.ts'
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
}

/** What is to be brought back, in place of what. */
export interface BringBack {
  readonly app: App
  readonly push: Push
  /** Name of the Compose project whose lock is held. */
  readonly project: string
  /** Id of the deployment that failed. */
  readonly deployment?: string | undefined
  readonly recorded: DeployedState | undefined
  readonly release: Release
  /** What failed, to be held once the release is back. */
  readonly held: readonly HeldContent[]
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
  { app, push, project, deployment, recorded, release, held }: BringBack,
  executors: BringBackExecutors,
  given: Run,
): Promise<void> {
  // What was found out before it failed may be otherwise now.
  const run: Run = { ...given, memory: new Map() }
  const pull = await moveBack(app, release, executors, run)
  const found = await readProject(app, executors, run)
  if (found.project.name !== project) throw renamed(app, project, found.project.name)
  const { manual: _, ...plain } = push
  const own = deployment === undefined ? {} : { deployment }
  const back = { app, push: plain, pull, project: found.project, found, release, ...own }
  const planned = { ...back, ...(await perform(makePlan(executors), back, run)) }
  await perform(applyPlan(executors), planned, run)
  const up = { ...planned, ...(await perform(waitHealthy(executors), planned, run)) }
  const healthy = { ...up, ...(await perform(keepRelease(executors), up, run)) }
  // Before it is recorded that all is done.
  if (held.length > 0) {
    await executors.git.changeHolds(app.path, app.name, (holds) => addHeld(holds, held), run)
  }
  // As if what failed had never been: what succeeded is the deployment before.
  const { deployment: _failed, ...done } = healthy
  const whose = recorded?.deployment === undefined ? {} : { deployment: recorded.deployment }
  await perform(recordDeployed(executors), { ...done, ...whose }, { ...run, log: silent })
}

/** Does a step's work apart from a pipeline. */
export async function perform<Needs extends object, Adds extends (object & NotArray) | void>(
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
