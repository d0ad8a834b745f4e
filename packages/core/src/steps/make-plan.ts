import { imageName } from '../decisions/image-name.ts'
import { type DesiredService, planDeployment, unrecorded } from '../decisions/plan-deployment.ts'
import { takeUp } from '../decisions/take-up.ts'
import { unknownRebuilds } from '../decisions/unknown-rebuilds.ts'
import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project } from '../domain/project.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Release } from '../domain/release.ts'
import type { DeployedState } from '../domain/state.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { changedSinceBase } from '../project/changed-since-base.ts'
import { configuredServices, desiredState } from '../project/desired-state.ts'
import { imagesOf, pinnedImages } from '../project/pinned-images.ts'
import type { FoundProject } from '../project/read-project.ts'
import { triggerFileTouched } from '../project/trigger-file.ts'
import type { Run } from '../run.ts'
import { shellWord } from '../shell-word.ts'
import { step, type Step } from '../step.ts'
import { awaitEngine } from './await-engine.ts'
import { logChanges, logPlan } from './log-plan.ts'

export interface MakePlanOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly engine?: Engine
  readonly clock?: Clock
  /** Milliseconds to wait for an engine that doesn't answer. Default: 0. */
  readonly patience?: number
  /** From 0 up to 1, for the waits before the engine is asked again. */
  readonly random?: () => number
  /** Whether tracked files that were edited count: not before a pull, which replaces them. Default: they do. */
  readonly edits?: boolean
}

/** What a plan was made from and what is needed to carry it out. */
export interface PlanBasis {
  readonly recorded: DeployedState | undefined
  /** The same, where an interrupted attempt of this deployment has brought services up: with these as it left them. */
  readonly takenUp?: DeployedState
  readonly containers: readonly Container[]
  /** When the trigger file was last touched; absent where it asked for nothing. */
  readonly triggered?: number
}

export interface Planned {
  readonly plan: Plan
  readonly services: readonly DesiredService[]
  readonly basis: PlanBasis
}

type Context = {
  app: App
  push: Push
  pull: Pull
  project: Project
  found: FoundProject
  /** Gone back to: its images are to run, and nothing is built. */
  release?: Release
  /** Id of the deployment's record. */
  deployment?: string
}

/** Decides what is to be done with each service and why; changes nothing. Fails with `project_renamed` while the old one has containers. */
export function makePlan({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  engine = dockerEngine(),
  clock = systemClock(),
  patience = 0,
  random = Math.random,
  edits = true,
}: MakePlanOptions = {}): Step<Context, Planned> {
  return step('makePlan', async (ctx, run) => {
    const {
      app,
      push,
      pull,
      project: { name: project },
      found,
      release,
      deployment,
    } = ctx
    const { name, path } = app
    const patiently = awaitEngine({ engine, clock, random, patience, run })
    run.log.info(`Checking for changes in ${name} to decide rebuild...`)
    const executors = { git, compose, files }
    const checking = configuredServices({ app, found }, executors, run)
    const asking = patiently(() => engine.containers(project, run))
    // While git reads what is built. After the containers, so that an engine that is down is waited for once.
    const listing = Promise.all([checking, asking]).then(async ([{ services }]) => {
      const names = [...services.map((service) => imageName(project, service)), ...imagesOf(release)]
      return patiently(() => engine.images({ app: name, names }, run))
    })
    const [desired, changed, recorded, touched, running, images] = await Promise.all([
      desiredState({ app, found, commit: pull.after, edits }, executors, run, checking),
      changedSinceBase(app, pull.after, git, run),
      git.readState(path, name, run),
      triggerFileTouched(app, { git, files }, run),
      asking,
      listing,
    ])
    const known = desired.services.map((service) => service.name)
    for (const warning of [...desired.warnings, ...unknownRebuilds(pull.rebuild, known)])
      run.log.warn(warning)
    const takenUp = takeUp({ recorded, running, deployment })
    const askFor = unrecorded({ desired: desired.services, running, recorded })
    const [composeTouches] = await Promise.all([
      askFor.length === 0 ? [] : patiently(() => compose.wouldTouch(found.project, askFor, run)),
      refuseRenamed(app, project, recorded, engine, run),
    ])
    const pinned = release === undefined ? undefined : pinnedImages(app, release, images)
    const services = desired.services.map((service) => ({
      ...service,
      changes: 'unknown' in changed ? [] : desired.changesOf(service.name, changed),
    }))
    const plan = planDeployment({
      app: name,
      commit: pull.after,
      project,
      path: desired.root,
      rules: app.rebuild,
      desired: services,
      running,
      images,
      recorded: takenUp ?? recorded,
      changed,
      triggered: touched !== undefined,
      requested: push.manual?.rebuild ?? false,
      rebuild: pull.rebuild,
      touched: composeTouches,
      migrate: app.migrate?.service,
      pinned,
      now: clock.now().getTime(),
    })
    logChanges(app, { changed, triggered: touched !== undefined, plan }, run)
    logPlan(plan, run)
    const triggered = touched === undefined ? {} : { triggered: touched }
    return {
      plan,
      services,
      basis: { recorded, containers: running, ...triggered, ...(takenUp ? { takenUp } : {}) },
    }
  })
}

/** Containers of the old project would go on running beside the new ones, with their ports and volumes. */
async function refuseRenamed(
  { name }: App,
  project: string,
  recorded: DeployedState | undefined,
  engine: Engine,
  run: Run,
): Promise<void> {
  const before = recorded?.project
  if (before === undefined || before === project) return
  const left = await engine.containers(before, run)
  if (left.length === 0) return
  const count = `${left.length} ${left.length === 1 ? 'container' : 'containers'}`
  throw new DeployError(
    'project_renamed',
    `Cannot deploy ${name}: its Compose project is ${project} now, and ${before}, as it was called at the last deployment, still has ${count}`,
    {
      hint: `End the old one with: docker compose -p ${shellWord(before)} down (its volumes stay); or set COLOR and \`project\` back`,
    },
  )
}
