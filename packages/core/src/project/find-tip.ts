import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Checkout, Git, Head, Tip, Unsupported } from '../executors/git.ts'
import { assertRefName } from '../executors/git/ref-name.ts'
import { assertSafeUrl } from '../executors/git/url.ts'
import type { Run } from '../run.ts'
import { skip, type Skip } from '../step.ts'
import { type Ask, reachRemote } from '../steps/reach-remote.ts'
import { cleanText } from '../text.ts'

export interface FindTipOptions {
  readonly git: Git
  readonly clock: Clock
  /** From 0 up to 1, for the waits before a remote is asked again. */
  readonly random: () => number
  /** Makes an empty checkout where there is none. */
  readonly clone: (checkout: Checkout) => Promise<Head>
  /** It is only looked at: no ref is moved. */
  readonly aside?: true
}

/** What a deployment is about to check out. */
export interface FoundTip {
  readonly checkout: Checkout
  /** What is checked out now. */
  readonly head: Head
  readonly branch: string
  readonly tip: Tip
  /** Asks the remote, within what is left of the checkout's timeout. */
  readonly ask: Ask
}

/** Fetches the tip of the followed ref, or what a person named; nothing of the tree changes. A push of another ref is skipped. */
export async function findTip(
  { app, push }: { readonly app: App; readonly push: Push },
  { git, clock, random, clone, aside }: FindTipOptions,
  run: Run,
): Promise<FoundTip | Skip> {
  const { name, path } = app
  const checkout: Checkout = {
    path,
    timeout: app.timeouts.git,
    ...(app.url === undefined ? {} : { url: app.url }),
    ...(aside ? { aside } : {}),
  }
  refuseHostile(app, push)

  const ask = reachRemote({ checkout, clock, random, run })
  const head = (await git.head(path, run)) ?? (await clone(checkout))
  const branch = app.branch ?? followed(head) ?? (await ask((remote) => git.defaultBranch(remote, run)))
  if (!push.manual && push.ref !== `refs/heads/${branch}`) {
    return skip(`${name} follows ${branch}, not ${cleanText(push.ref)}`)
  }
  const tip = await ask((remote) => fetchTip(push, branch, remote, git, run))
  return { checkout, head, branch, tip, ask }
}

/** Refuses a tip that can't be deployed here; fetches what it needs beside git's own objects. */
export async function checkTip(app: App, { tip, ask }: FoundTip, git: Git, run: Run): Promise<void> {
  refuseUnsupported(app, tip, await ask((remote) => git.prepare(remote, tip.commit, run)))
  await refuseOverwriting(app, tip, git, run)
}

/** What the tip says of itself, cleaned. */
export async function describeTip(
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
