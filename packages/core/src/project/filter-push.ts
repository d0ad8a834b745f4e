import { decideSkip } from '../decisions/decide-skip.ts'
import { matchesEverything } from '../decisions/match-paths.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { CommitMessage, Git, Tip } from '../executors/git.ts'
import type { Run } from '../run.ts'
import { skip, type Skip } from '../step.ts'

export interface Filtered {
  readonly app: App
  readonly push: Push
  /** What was fetched, and would be checked out. */
  readonly tip: Tip
}

/**
 * Skips a push whose commits say so, or none of whose files matches `paths`; else gives what its commits ask to have built. Whatever
 * later pushes brought, a push is looked at up to its own commit: what it alone would deploy is deployed, with them.
 */
export async function filterPush(
  { app, push, tip }: Filtered,
  git: Git,
  run: Run,
): Promise<Pick<Pull, 'rebuild'> | Skip> {
  const { path, paths } = app
  if (push.manual?.rebuild) return {}
  const base = await git.deployed(path, app.name, run)
  const news = base === undefined ? undefined : await newsSince(base, tip.commit, path, git, run)
  const to = reach(push, tip, news)
  const own = push.manual ? [] : await ownMessages(push, { to, tip, base, news }, path, git, run)
  // A first deployment has no files that changed, and one of what is deployed already brings none.
  const asks = base !== undefined && news !== undefined && news.length > 0
  const changed =
    asks && !push.manual && !matchesEverything(paths)
      ? await git.changedFiles(path, base, to, run)
      : undefined
  const decided = decideSkip({ paths, own, since: news ?? own, changed })
  if (decided.skip) return skip(decided.because, { commit: to })
  if (!decided.rebuild) return {}
  run.log.info(`${decided.rebuild.because}.`)
  return { rebuild: decided.rebuild.services }
}

async function newsSince(
  base: string,
  tip: string,
  path: string,
  git: Git,
  run: Run,
): Promise<readonly CommitMessage[] | undefined> {
  return base === tip ? [] : git.messages(path, base, tip, run)
}

/** Up to where a push is looked at: its own commit, unless that was taken away again, or is deployed while others are not. */
function reach({ after, manual }: Push, { commit }: Tip, news: readonly CommitMessage[] | undefined): string {
  const isIn = news === undefined || news.length === 0 || news.some((one) => one.commit === after)
  return after !== undefined && !manual && isIn ? after : commit
}

interface Known {
  readonly to: string
  readonly tip: Tip
  readonly base: string | undefined
  readonly news: readonly CommitMessage[] | undefined
}

/** What the commits say that the push brought; where it doesn't say where it began, that is the last one alone. */
async function ownMessages(
  { before }: Push,
  { to, tip, base, news }: Known,
  path: string,
  git: Git,
  run: Run,
): Promise<readonly CommitMessage[]> {
  if (before !== undefined) {
    if (news && before === base && to === tip.commit) return news
    const own = await git.messages(path, before, to, run)
    if (own) return own
  }
  if (news) return news.filter(({ commit }) => commit === to)
  return (await git.messages(path, undefined, to, run)) ?? []
}
