import { chooseRelease } from '../decisions/choose-release.ts'
import { lastSuccess } from '../decisions/last-success.ts'
import type { App } from '../domain/app.ts'
import type { Release } from '../domain/release.ts'
import { DeployError } from '../errors.ts'
import type { Run } from '../run.ts'
import { cleanText } from '../text.ts'
import { leftBehind, type LeftBehind, type LeftBehindExecutors } from './left-behind.ts'
import { refuseMissingImages } from './pinned-images.ts'

export interface WayBackInput {
  readonly app: App
  /** Id of a deployment, or a commit or a release, or a part of it. */
  readonly to?: string | undefined
  /** It is to be the last success. */
  readonly again?: boolean | undefined
  /** Id of the deployment that goes back. */
  readonly deployment?: string | undefined
}

/** Where a way back leads, and what it leaves. */
export interface WayBack {
  readonly release: Release
  readonly left?: LeftBehind
}

/** Finds the release to go back to, all of whose images are here; `no_release` where there is none. */
export async function wayBack(
  { app, to, again, deployment }: WayBackInput,
  executors: LeftBehindExecutors,
  run: Run,
): Promise<WayBack> {
  const { name, path } = app
  const { git, engine } = executors
  if (!(await git.head(path, run))) throw noRelease(app, to, [])
  const [releases, recorded, holds] = await Promise.all([
    git.releases(path, name, run),
    git.readState(path, name, run),
    git.holds(path, name, run),
  ])
  const left = await leftBehind({ app, recorded, releases }, executors, run)
  // This very deployment, whose process ended after its work was done.
  const isDone = deployment !== undefined && recorded?.deployment === deployment
  const release =
    isDone || again || (to === undefined && left?.failed)
      ? lastSuccess(name, recorded, releases)
      : chooseRelease({ releases, recorded, holds, to })
  if (!release) throw noRelease(app, to, releases)
  await refuseMissingImages(app, release, engine, run)
  return { release, ...(left ? { left } : {}) }
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
