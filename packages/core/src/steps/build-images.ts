import { basename } from 'node:path'
import type { DesiredService } from '../decisions/plan-deployment.ts'
import type { App } from '../domain/app.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project } from '../domain/project.ts'
import type { Release } from '../domain/release.ts'
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
import { removeAfterSuccess } from '../project/trigger-file.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { allOf } from './all-of.ts'
import { awaitEngine } from './await-engine.ts'
import { buildPlanned } from './build-planned.ts'
import type { PlanBasis } from './make-plan.ts'
import { warnOfHoles } from './warn-of-holes.ts'

export interface BuildImagesOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly engine?: Engine
  readonly clock?: Clock
  /** Milliseconds to wait for an engine that doesn't answer. Default: 0. */
  readonly patience?: number
  /** From 0 up to 1, for the waits before the engine is asked again. */
  readonly random?: () => number
}

/** What carrying out a plan needs. */
export interface PlanContext {
  readonly app: App
  readonly project: Project
  readonly plan: Plan
  readonly services: readonly DesiredService[]
  readonly basis: PlanBasis
  /** Gone back to: no registry is asked. */
  readonly release?: Release
  /** Id of the deployment's record. */
  readonly deployment?: string
}

/**
 * The first half of `applyPlan`: gives services the images that they are to run, and replaces no container. For what belongs in between,
 * such as a migration. Notes in `refs/fairway/state/<app>` which services' containers are to be touched, before they are.
 */
export function buildImages({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  engine = dockerEngine(),
  clock = systemClock(),
  patience = 0,
  random = Math.random,
}: BuildImagesOptions = {}): Step<PlanContext, { built: true }> {
  return step('buildImages', async (ctx, run) => {
    const { app, project, plan, basis } = ctx
    const file = project.files.map((path) => basename(path)).join(', ')
    const isBuilding = plan.services.some(({ action }) => action === 'build')
    run.log.info(
      isBuilding
        ? `🚀 Changes detected. Building and deploying ${app.name} with ${file}...`
        : `✨ No significant changes. Deploying ${app.name} without rebuilding images using ${file}...`,
    )
    if (isBuilding && basis.triggered !== undefined) removeAfterSuccess(app, basis.triggered, files, run)
    const isTouching = plan.services.some(({ action }) => action !== 'keep')
    const patiently = awaitEngine({ engine, clock, random, patience, run })
    // What is to be touched is noted before any container is: images may change meanwhile.
    await allOf([
      buildPlanned(ctx, { compose, engine, patiently }, run),
      ...(isTouching ? [unsettle(ctx, git, run), warnOfHoles(compose, run)] : []),
    ])
    return { built: true }
  })
}

/** Should this deployment not succeed, the next one asks what became of these. */
async function unsettle({ app, project, plan, basis }: PlanContext, git: Git, run: Run): Promise<void> {
  const recorded = basis.recorded ?? { services: {}, unsettled: [] }
  const { unsettled } = recorded
  const touched = plan.services.filter(({ action }) => action !== 'keep').map(({ service }) => service)
  const all = [...new Set([...unsettled, ...touched])]
  if (all.length === unsettled.length && recorded.project === project.name) return
  await git.writeState(app.path, app.name, { ...recorded, project: project.name, unsettled: all }, run)
}
