import { shellWord } from '../shell-word.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Checkout, Git, Head, Tip, Unsupported } from '../executors/git.ts'
import { assertRefName } from '../executors/git/ref-name.ts'
import { assertSafeUrl } from '../executors/git/url.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { Run } from '../run.ts'
import { skip, step, type Step } from '../step.ts'
import { cleanText, pythonList } from '../text.ts'
import { reachRemote } from './reach-remote.ts'

export interface GitPullOptions {
  readonly git?: Git
  readonly clock?: Clock
  /** From 0 up to 1, for the waits before a remote is asked again. */
  readonly random?: () => number
}

/**
 * Brings the checkout to the tip of the followed ref: fetches it, then moves the tree. Clones where `url` is given.
 * An untracked file that the push would overwrite stops it (`would_overwrite`); tracked edits are kept first.
 */
export function gitPull({
  git = simpleGit(),
  clock = systemClock(),
  random = Math.random,
}: GitPullOptions = {}): Step<{ app: App; push: Push }, { pull: Pull }> {
  return step('gitPull', async ({ app, push }, run) => {
    const { name, path } = app
    const checkout: Checkout = {
      path,
      timeout: app.timeouts.git,
      ...(app.url === undefined ? {} : { url: app.url }),
    }
    run.log.info(`Pulling latest code for ${name} in ${path}...`)
    refuseHostile(app, push)

    const ask = reachRemote({ checkout, clock, random, run })
    const head = (await git.head(path, run)) ?? (await clone(app, checkout, git, run))
    const branch = app.branch ?? followed(head) ?? (await ask((remote) => git.defaultBranch(remote, run)))
    if (!push.manual && push.ref !== `refs/heads/${branch}`) {
      return skip(`${name} follows ${branch}, not ${cleanText(push.ref)}`)
    }
    const tip = await ask((remote) => fetchTip(push, branch, remote, git, run))
    refuseUnsupported(app, tip, await ask((remote) => git.prepare(remote, tip.commit, run)))
    await refuseOverwriting(app, tip, git, run)
    const kept = await git.keepEdits(path, clock.now(), run)
    if (kept) {
      run.log.warn(
        `Tracked edits in ${path} are replaced; ${kept.ref} keeps them: ${pythonList(kept.files)}\n` +
          `Bring one back with: git -C ${shellWord(path)} checkout ${kept.ref} -- FILE`,
      )
    }
    const commits = kept ? undefined : await git.keepCommits(path, tip.commit, clock.now(), run)
    if (commits !== undefined) {
      run.log.warn(
        `Commits in ${path} that the remote has not are replaced; ${commits} keeps them\n` +
          `See them with: git -C ${shellWord(path)} log ${tip.commit}..${commits}`,
      )
    }
    const overwritten = kept?.ref ?? commits
    await git.moveTo(checkout, branch, tip.commit, run)
    run.log.info(`Git pull successful for ${name}.`)
    run.log.info(`${name}: ${head.commit ?? 'nothing'} -> ${tip.commit} (${tip.ref})`)
    return {
      pull: {
        after: tip.commit,
        ref: tip.ref,
        ...(head.commit === undefined ? {} : { before: head.commit }),
        ...(overwritten === undefined ? {} : { overwritten }),
        ...(await describe(tip, path, git, run)),
      },
    }
  })
}

/** What git could take for an option or a program is refused before any git is started. */
function refuseHostile({ url, branch }: App, { manual }: Push): void {
  if (url !== undefined) assertSafeUrl(url)
  if (branch !== undefined) assertRefName(`refs/heads/${branch}`)
  if (manual?.ref !== undefined) assertRefName(manual.ref)
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

function refuseUnsupported({ name }: App, { commit }: Tip, found: Unsupported | undefined): void {
  if (!found) return
  const { problem, hint } = found
  throw new DeployError('content_unsupported', `Cannot deploy ${commit} into ${name}: ${problem}`, { hint })
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

async function describe(
  { commit }: Tip,
  path: string,
  git: Git,
  run: Run,
): Promise<Pick<Pull, 'subject' | 'author'>> {
  const { subject, author } = await git.describe(path, commit, run)
  return {
    ...(subject === '' ? {} : { subject: cleanText(subject) }),
    ...(author === '' ? {} : { author: cleanText(author, 100) }),
  }
}
