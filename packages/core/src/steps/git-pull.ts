import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Checkout, Git, Head, Tip } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { Run } from '../run.ts'
import { skip, step, type Step } from '../step.ts'
import { cleanText, pythonList } from '../text.ts'

export interface GitPullOptions {
  readonly git?: Git
  readonly clock?: Clock
}

/**
 * Brings the checkout to the tip of the followed ref: fetches it, then moves the tree. Clones where `url` is given.
 * An untracked file that the push would overwrite stops it (`would_overwrite`); tracked edits are kept first.
 */
export function gitPull({ git = simpleGit(), clock = systemClock() }: GitPullOptions = {}): Step<
  { app: App; push: Push },
  { pull: Pull }
> {
  return step('gitPull', async ({ app, push }, run) => {
    const { name, path } = app
    const checkout: Checkout = {
      path,
      timeout: app.timeouts.git,
      ...(app.url === undefined ? {} : { url: app.url }),
    }
    run.log.info(`Pulling latest code for ${name} in ${path}...`)

    const head = (await git.head(path, run)) ?? (await clone(app, checkout, git, run))
    const branch = app.branch ?? followed(head) ?? (await git.defaultBranch(checkout, run))
    if (!push.manual && push.ref !== `refs/heads/${branch}`) {
      return skip(`${name} follows ${branch}, not ${cleanText(push.ref)}`)
    }
    const tip = await fetchTip(push, branch, checkout, git, run)
    await refuseOverwriting(app, tip, git, run)
    const kept = await git.keepEdits(path, clock.now(), run)
    if (kept) {
      run.log.warn(
        `Tracked edits in ${path} are replaced; ${kept.ref} keeps them: ${pythonList(kept.files)}\n` +
          `Bring one back with: git -C ${path} checkout ${kept.ref} -- FILE`,
      )
    }
    await git.moveTo(checkout, branch, tip.commit, run)
    run.log.info(`Git pull successful for ${name}.`)
    run.log.info(`${name}: ${head.commit ?? 'nothing'} -> ${tip.commit} (${tip.ref})`)
    return {
      pull: {
        after: tip.commit,
        ref: tip.ref,
        ...(head.commit === undefined ? {} : { before: head.commit }),
        ...(kept ? { overwritten: kept.ref } : {}),
      },
    }
  })
}

/** A branch without a commit is what `git init` left, not one that somebody chose. */
function followed({ branch, commit }: Head): string | undefined {
  return commit === undefined ? undefined : branch
}

async function clone({ name, path }: App, checkout: Checkout, git: Git, run: Run): Promise<Head> {
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

async function fetchTip(
  { manual }: Push,
  branch: string,
  checkout: Checkout,
  git: Git,
  run: Run,
): Promise<Tip> {
  return manual?.ref === undefined
    ? git.fetch(checkout, `refs/heads/${branch}`, run)
    : git.fetchNamed(checkout, manual.ref, run)
}

async function refuseOverwriting({ name, path }: App, { commit }: Tip, git: Git, run: Run): Promise<void> {
  const files = await git.inTheWay(path, commit, run)
  if (files.length === 0) return
  const which =
    files.length === 1 ? `the untracked ${files[0]}` : `these untracked files: ${files.join(', ')}`
  throw new DeployError(
    'would_overwrite',
    `Cannot pull ${commit} into ${name}: it would overwrite ${cleanText(which, 2_000)}`,
    {
      hint: `Move them out of ${path}, or take them out of the repository; nothing was changed`,
    },
  )
}
