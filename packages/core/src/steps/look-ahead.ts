import type { Relocation } from '../decisions/relocation.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import { DeployError } from '../errors.ts'
import { isFields } from '../fields.ts'
import type { Clock } from '../executors/clock.ts'
import type { Folders } from '../executors/folders.ts'
import type { Checkout, Git, Head } from '../executors/git.ts'
import { filterPush } from '../project/filter-push.ts'
import { checkTip, describeTip, findTip, type FoundTip } from '../project/find-tip.ts'
import { type Relocatable, relocated } from '../project/relocated.ts'
import type { Run } from '../run.ts'
import { isSkip, type Skip, step, type Step } from '../step.ts'

export interface LookAheadOptions extends Relocatable {
  readonly clock: Clock
  readonly folders: Folders
  /** From 0 up to 1, for the waits before a remote is asked again. */
  readonly random: () => number
}

/** A checkout as the next deployment would have it. */
export interface Ahead {
  readonly pull: Pull
  /** Executors that see it so, by its own path. */
  readonly seen: Relocatable
  /** Why a push of that commit would deploy nothing. */
  readonly skipped?: string
  /** Nothing is there yet: it was cloned to look at it. */
  readonly isNew: boolean
}

/**
 * Fetches what would be deployed and lays its files into a folder of their own, for as long as the run takes; refuses what a
 * pull would refuse. Tree, index, HEAD and branches of the checkout stay as they are.
 */
export function lookAhead(options: LookAheadOptions): Step<{ app: App; push: Push }, { ahead: Ahead }> {
  return step('lookAhead', async ({ app, push }, given) => {
    const { git, folders } = options
    const run: Run = { ...given, memory: new Map() }
    const head = await git.head(app.path, run)
    // Even before anything is in it: nothing of it may stay.
    const folder = await folders.create()
    run.defer(() => folders.remove(folder))

    const there: App = head ? app : { ...app, path: folder }
    const found = await findTip(
      { app: there, push },
      { ...options, aside: true, clone: (checkout) => cloneTo(app, checkout, git, run) },
      run,
    )
    if (isSkip(found)) return found
    await checkTip(there, found, git, run)
    const filtered = await filter(there, push, found, git, run)
    const relocation = await layOut(app, found, folder, options, run)
    const tracked = await filesOf(there.path, found.tip.commit, git, run)
    const seen = relocated({ ...options, git: at(git, app.path, there.path) }, relocation, new Set(tracked))
    const { tip } = found
    return {
      ahead: {
        seen,
        isNew: head === undefined,
        ...(filtered.skipped === undefined ? {} : { skipped: filtered.skipped }),
        pull: {
          after: tip.commit,
          ref: tip.ref,
          ...(head?.commit === undefined ? {} : { before: head.commit }),
          ...(filtered.rebuild === undefined ? {} : { rebuild: filtered.rebuild }),
          ...(await describeTip(tip, there.path, git, run)),
        },
      },
    }
  })
}

async function cloneTo({ name, path }: App, checkout: Checkout, git: Git, run: Run): Promise<Head> {
  if (checkout.url === undefined) {
    throw new DeployError(
      'checkout_missing',
      `Cannot plan ${name}: ${path} is not the top folder of a git checkout`,
      {
        hint: 'Clone the repository there, or set `url` of the app',
      },
    )
  }
  await git.create({ ...checkout, url: checkout.url }, run)
  return {}
}

interface Filter extends Pick<Pull, 'rebuild'> {
  readonly skipped?: string
}

/** What a push of that commit would come to; where it deploys nothing, what a person would have deployed. */
async function filter(
  app: App,
  push: Push,
  { head, branch, tip }: FoundTip,
  git: Git,
  run: Run,
): Promise<Filter> {
  const { manual, ...rest } = push
  const byHand: Push = { ...rest, manual: manual ?? {} }
  if (manual?.ref !== undefined || manual?.rebuild === true)
    return asAsked(await filterPush({ app, push: byHand, tip }, git, run))
  const before = head.commit === undefined ? {} : { before: head.commit }
  const pushed: Push = { ...rest, ref: `refs/heads/${branch}`, after: tip.commit, ...before }
  const filtered = await filterPush({ app, push: pushed, tip }, git, run)
  if (!isSkip(filtered)) return filtered
  return { skipped: filtered.reason, ...asAsked(await filterPush({ app, push: byHand, tip }, git, run)) }
}

/** Nothing that a person asks for is skipped. */
function asAsked(filtered: Pick<Pull, 'rebuild'> | Skip): Pick<Pull, 'rebuild'> {
  return isSkip(filtered) ? {} : filtered
}

/** Lays the files of the tip out: as a checkout of their own, or beside what is not tracked in the one that is there. */
async function layOut(
  { path }: App,
  { checkout, head, branch, tip }: FoundTip,
  folder: string,
  { git, files, folders }: LookAheadOptions,
  run: Run,
): Promise<Relocation> {
  const place = { path, realPath: await files.realPath(path), folder }
  if (checkout.path === folder) {
    await git.moveTo(checkout, branch, tip.commit, run)
    return { ...place, beside: new Set() }
  }
  await git.exportTo(checkout, tip.commit, folder, run)
  const commits = head.commit === undefined ? [tip.commit] : [tip.commit, head.commit]
  const tracked = await Promise.all(commits.map((commit) => filesOf(path, commit, git, run)))
  return { ...place, beside: await folders.linkBeside(path, folder, tracked.flat()) }
}

/** Without submodules, which are folders of their own. */
async function filesOf(path: string, commit: string, git: Git, run: Run): Promise<readonly string[]> {
  const files = await git.listFiles(path, commit, '', run)
  return files.filter(({ mode }) => mode !== '160000').map(({ file }) => file)
}

/** A git that finds a checkout where its clone is. */
function at(git: Git, path: string, there: string): Git {
  const moved = (given: unknown): unknown => {
    if (given === path) return there
    return isFields(given) && given['path'] === path ? { ...given, path: there } : given
  }
  const methods = Object.entries(git).map(
    ([name, method]: [string, (...given: readonly unknown[]) => unknown]) => [
      name,
      (...[first, ...rest]: readonly unknown[]) => method(moved(first), ...rest),
    ],
  )
  return path === there ? git : (Object.fromEntries(methods) as Git)
}
