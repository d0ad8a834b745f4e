import { chooseRelease } from '../decisions/choose-release.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Release } from '../domain/release.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Git } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { describeTip } from '../project/find-tip.ts'
import { replaceTree } from '../project/replace-tree.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'

export interface GoBackOptions {
  readonly git?: Git
  readonly clock?: Clock
}

/** What a way back begins with, instead of a pull. */
export interface WentBack {
  readonly pull: Pull
  readonly release: Release
}

/** Brings the checkout to the commit of an earlier release, from what is here: no network. The release is chosen by `push.manual.rollback`. */
export function goBack({ git = simpleGit(), clock = systemClock() }: GoBackOptions = {}): Step<
  { app: App; push: Push },
  WentBack
> {
  return step('goBack', async ({ app, push }, run) => {
    const release = await findRelease(app, push.manual?.rollback?.to, git, run)
    return { release, pull: await moveBack(app, release, { git, clock }, run) }
  })
}

/** Moves the checkout to a release's commit. */
export async function moveBack(
  app: App,
  { commit, ref }: Release,
  { git, clock }: { readonly git: Git; readonly clock: Clock },
  given: Run,
): Promise<Pull> {
  const { name, path, timeouts } = app
  const run: Run = { ...given, memory: new Map() }
  const head = (await git.head(path, run)) ?? {}
  const tip = { ref, commit }
  const checkout = { path, timeout: timeouts.git, ...(app.url === undefined ? {} : { url: app.url }) }
  const branch = head.branch ?? app.branch ?? ref.replace(/^refs\/(?:heads|tags)\//, '')
  // Asked once: what a release needs has been here.
  const ask = <T>(question: (remote: typeof checkout) => Promise<T>): Promise<T> => question(checkout)
  run.log.info(`Going back to ${commit} in ${path}...`)
  const overwritten =
    head.commit === commit ? undefined : await replaceTree(app, { checkout, head, branch, tip, ask }, { git, clock }, run)
  run.log.info(`${name}: ${head.commit ?? 'nothing'} -> ${commit} (${ref})`)
  return {
    after: commit,
    ref,
    ...(head.commit === undefined ? {} : { before: head.commit }),
    ...(overwritten === undefined ? {} : { overwritten }),
    ...(await describeTip(tip, path, git, run)),
  }
}

async function findRelease(
  { name, path }: App,
  to: string | undefined,
  git: Git,
  run: Run,
): Promise<Release> {
  const [releases, recorded] = await Promise.all([
    git.releases(path, name, run),
    git.readState(path, name, run),
  ])
  const release = chooseRelease(releases, { services: {}, ...recorded }, to)
  if (release) return release
  const known = releases.map(({ commit, at }) => `${commit.slice(0, 7)} of ${at}`).join(', ')
  if (to === undefined) {
    throw new DeployError('no_release', `Cannot go back with ${name}: there is no release before the one that is deployed`, {
      hint: 'A release is kept after each success that changed something; deploy an earlier commit with fairway deploy --ref',
    })
  }
  throw new DeployError('no_release', `Cannot go back with ${name}: no release is of ${cleanText(to)}`, {
    hint: known === '' ? 'There is no release yet' : `There are releases of ${known}`,
  })
}
