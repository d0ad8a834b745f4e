import { chooseRelease } from '../decisions/choose-release.ts'
import { lastSuccess } from '../decisions/last-success.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Release } from '../domain/release.ts'
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
import { leftBehind, type LeftBehind } from '../project/left-behind.ts'
import { moveBack } from '../project/move-back.ts'
import { refuseMissingImages } from '../project/pinned-images.ts'
import { step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'

export interface GoBackOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly engine?: Engine
  readonly clock?: Clock
}

/** What a way back begins with, instead of a pull. */
export interface WentBack {
  readonly pull: Pull
  readonly release: Release
  readonly left?: LeftBehind
}

/**
 * Brings the checkout to the commit of an earlier release, from what is here: no network. `push.manual.rollback` names it; else it is the
 * last success, where what failed since is still there, or the one before it. Fails with `no_release`, and nothing moved, where there is
 * none or its images are gone.
 */
export function goBack({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  engine = dockerEngine(),
  clock = systemClock(),
}: GoBackOptions = {}): Step<{ app: App; push: Push; deployment?: string }, WentBack> {
  return step('goBack', async ({ app, push, deployment }, run) => {
    const { name, path } = app
    const [releases, recorded, holds] = await Promise.all([
      git.releases(path, name, run),
      git.readState(path, name, run),
      git.holds(path, name, run),
    ])
    const to = push.manual?.rollback?.to
    const left = await leftBehind({ app, recorded, releases }, { git, compose, files, engine }, run)
    // This very deployment, whose process ended after its work was done.
    const isDone = deployment !== undefined && recorded?.deployment === deployment
    const release =
      isDone || (to === undefined && left?.failed)
        ? lastSuccess(name, recorded, releases)
        : chooseRelease({ releases, recorded, holds, to })
    if (!release) throw noRelease(app, to, releases)
    await refuseMissingImages(app, release, engine, run)
    const pull = await moveBack(app, release, { git, clock }, run)
    return { release, pull, ...(left ? { left } : {}) }
  })
}

function noRelease({ name }: App, to: string | undefined, releases: readonly Release[]): DeployError {
  const known = releases.map(({ commit, at }) => `${commit.slice(0, 7)} of ${at}`).join(', ')
  const which =
    to === undefined
      ? 'there is no release before the one that is deployed'
      : `no release is of ${cleanText(to)}`
  return new DeployError('no_release', `Cannot go back with ${name}: ${which}`, {
    hint:
      known === ''
        ? 'A release is kept after each success that replaced something'
        : `There are releases of ${known}`,
  })
}
