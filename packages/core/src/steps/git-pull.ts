import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Checkout, Git, Head } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { filterPush } from '../project/filter-push.ts'
import { describeTip, findTip } from '../project/find-tip.ts'
import { replaceTree } from '../project/replace-tree.ts'
import type { Run } from '../run.ts'
import { isSkip, step, type Step } from '../step.ts'

export interface GitPullOptions {
  readonly git?: Git
  readonly clock?: Clock
  /** From 0 up to 1, for the waits before a remote is asked again. */
  readonly random?: () => number
}

/**
 * Brings the checkout to the tip of the followed ref: fetches it, then moves the tree. Clones where `url` is given. Skips a push whose
 * commits say so, or none of whose files matches the app's `paths`, with the tree as it was.
 * An untracked file that the push would overwrite stops it (`would_overwrite`); tracked edits are kept first.
 */
export function gitPull({
  git = simpleGit(),
  clock = systemClock(),
  random = Math.random,
}: GitPullOptions = {}): Step<{ app: App; push: Push }, { pull: Pull }> {
  return step('gitPull', async ({ app, push }, given) => {
    const { name, path } = app
    // What git's configuration says, for one, is the same all through a pull.
    const run: Run = { memory: new Map(), ...given }
    run.log.info(`Pulling latest code for ${name} in ${path}...`)
    const clone = (checkout: Checkout): Promise<Head> => cloneInto(app, checkout, git, run)
    const found = await findTip({ app, push }, { git, clock, random, clone }, run)
    if (isSkip(found)) return found
    const { checkout, head, branch, tip } = found
    const filtered = await filterPush({ app, push, tip }, git, run)
    if (isSkip(filtered)) return filtered
    const isMoved = await git.advance(checkout, branch, tip.commit, run)
    const overwritten = isMoved ? undefined : await replaceTree(app, found, { git, clock }, run)
    run.log.info(`Git pull successful for ${name}.`)
    run.log.info(`${name}: ${head.commit ?? 'nothing'} -> ${tip.commit} (${tip.ref})`)
    return {
      pull: {
        after: tip.commit,
        ref: tip.ref,
        ...(head.commit === undefined ? {} : { before: head.commit }),
        ...(overwritten === undefined ? {} : { overwritten }),
        ...filtered,
        ...(await describeTip(tip, path, git, run)),
      },
    }
  })
}

async function cloneInto({ name, path }: App, checkout: Checkout, git: Git, run: Run): Promise<Head> {
  if (checkout.url === undefined) {
    throw new DeployError(
      'checkout_missing',
      `Cannot deploy ${name}: ${path} is not the top folder of a git checkout`,
      {
        hint: `Clone the repository there, or set \`url\` of the app to have it cloned`,
      },
    )
  }
  run.log.info(`Cloning ${name} into ${path}...`)
  await git.create({ ...checkout, url: checkout.url }, run)
  return {}
}
