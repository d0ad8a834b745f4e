import { isUnchanged } from '../decisions/is-unchanged.ts'
import { lostNames, spareImages } from '../decisions/spare-images.ts'
import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Plan } from '../domain/plan.ts'
import { describeError } from '../errors.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Git } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { imagesOf } from '../project/pinned-images.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import type { PlanBasis } from './make-plan.ts'

export interface PruneOptions {
  readonly git?: Git
  readonly engine?: Engine
}

interface Context {
  readonly app: App
  readonly plan: Plan
  readonly basis?: PlanBasis
  readonly containers: readonly Container[]
}

/**
 * Removes what earlier deployments of the app left and nothing needs any more: images that Fairway built for it which have no name and
 * are of no kept release, and containers of its project that the engine calls dead. Never a volume, and nothing of anybody else. Belongs
 * after `recordDeployed`: the deployment is done by then, and a failure here is warned of.
 */
export function prune({ git = simpleGit(), engine = dockerEngine() }: PruneOptions = {}): Step<Context> {
  return step('prune', async (ctx, run) => {
    // What replaced nothing left nothing.
    if (isUnchanged(ctx)) return
    try {
      await removeDead(ctx, engine, run)
      await removeSpare(ctx, { git, engine }, run)
    } catch (error) {
      if (run.signal.aborted) return
      run.log.warn(`Cannot remove what ${ctx.app.name} does not need any more: ${describeError(error)}`)
    }
  })
}

/** The engine could not remove them the last time, and nothing ever starts them again. */
async function removeDead({ app, containers }: Context, engine: Engine, run: Run): Promise<void> {
  const dead = containers.filter(({ state }) => state === 'dead').map(({ id }) => id)
  if (dead.length === 0) return
  await engine.removeContainers(dead, run)
  run.log.info(`Removed ${count(dead.length, 'dead container')} of ${app.name}`)
}

async function removeSpare(
  { app: { name: app, path } }: Context,
  { git, engine }: { readonly git: Git; readonly engine: Engine },
  run: Run,
): Promise<void> {
  const releases = await git.releases(path, app, run)
  const recorded = await git.readState(path, app, run)
  const images = await engine.images({ app, names: releases.flatMap(imagesOf) }, run)
  for (const [name, image] of lostNames(releases, images)) await engine.tag(image, name, run)
  const spare = spareImages({ images, app, releases, recorded })
  const removed = spare.length === 0 ? [] : await engine.removeImages(spare, run)
  if (removed.length > 0) {
    run.log.info(`Removed ${count(removed.length, 'image')} of ${app} that no release and no container needs`)
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
