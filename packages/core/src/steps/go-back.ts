import { chooseRelease } from '../decisions/choose-release.ts'
import type { App } from '../domain/app.ts'
import type { Push } from '../domain/push.ts'
import type { Pull } from '../domain/pull.ts'
import type { Release } from '../domain/release.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Git } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { moveBack } from '../project/move-back.ts'
import { refuseMissingImages } from '../project/pinned-images.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'

export interface GoBackOptions {
  readonly git?: Git
  readonly engine?: Engine
  readonly clock?: Clock
}

/** What a way back begins with, instead of a pull. */
export interface WentBack {
  readonly pull: Pull
  readonly release: Release
}

/**
 * Brings the checkout to the commit of an earlier release, from what is here: no network. `push.manual.rollback` names it, or else it is
 * the one before the present. Fails with `no_release`, and nothing moved, where there is none or its images are gone.
 */
export function goBack({
  git = simpleGit(),
  engine = dockerEngine(),
  clock = systemClock(),
}: GoBackOptions = {}): Step<{ app: App; push: Push; deployment?: string }, WentBack> {
  return step('goBack', async (ctx, run) => {
    const release = await findRelease(ctx, git, run)
    await refuseMissingImages(ctx.app, release, engine, run)
    return { release, pull: await moveBack(ctx.app, release, { git, clock }, run) }
  })
}

async function findRelease(
  { app: { name, path }, push, deployment }: { app: App; push: Push; deployment?: string },
  git: Git,
  run: Run,
): Promise<Release> {
  const to = push.manual?.rollback?.to
  const [releases, recorded, holds] = await Promise.all([
    git.releases(path, name, run),
    git.readState(path, name, run),
    git.holds(path, name, run),
  ])
  // Its process ended after its work was done: what is deployed is what it went back to.
  const isDone = deployment !== undefined && recorded?.deployment === deployment
  const release = isDone
    ? releases.find(({ id }) => id === recorded.release)
    : chooseRelease({ releases, recorded, holds, to })
  if (release) return release
  const known = releases.map(({ commit, at }) => `${commit.slice(0, 7)} of ${at}`).join(', ')
  const hint = known === '' ? 'A release is kept after each success that changed something' : `There are releases of ${known}`
  const which = to === undefined ? 'there is no release before the one that is deployed' : `no release is of ${cleanText(to)}`
  throw new DeployError('no_release', `Cannot go back with ${name}: ${which}`, { hint })
}
