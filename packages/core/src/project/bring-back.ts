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
  { app, push, project, basis: { recorded } }: Deployment,
  release: Release,
  executors: BringBackExecutors,
  run: Run,
): Promise<void> {
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
    { hint: `Set COLOR and \`project\` back and deploy, or end the new one with: docker compose -p ${now} down` },
  )
}

const ignore = (): void => {}
/** It would say that the deployment is done. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
