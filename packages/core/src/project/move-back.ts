import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Release } from '../domain/release.ts'
import type { Clock } from '../executors/clock.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import { describeTip } from './find-tip.ts'
import { replaceTree } from './replace-tree.ts'

/** Moves the checkout to a release's commit, as a pull would; what that needs is here. */
export async function moveBack(
  app: App,
  release: Pick<Release, 'commit' | 'ref'>,
  { git, clock }: { readonly git: Git; readonly clock: Clock },
  given: Run,
): Promise<Pull> {
  const { name, path, timeouts } = app
  const { commit } = release
  const run: Run = { ...given, memory: new Map() }
  run.log.info(`Going back to ${commit} in ${path}...`)
  const head = (await git.head(path, run)) ?? {}
  const branch = app.branch ?? head.branch ?? release.ref.replace(/^refs\/(?:heads|tags)\//, '')
  const ref = release.ref === '' ? `refs/heads/${branch}` : release.ref
  const tip = { ref, commit }
  const checkout = { path, timeout: timeouts.git, ...(app.url === undefined ? {} : { url: app.url }) }
  // Asked once: what a release needs has been here.
  const ask = <T>(question: (remote: typeof checkout) => Promise<T>): Promise<T> => question(checkout)
  const isMoved = await git.advance(checkout, branch, commit, run)
  const overwritten = isMoved
    ? undefined
    : await replaceTree(app, { checkout, head, branch, tip, ask }, { git, clock }, run)
  run.log.info(`${name}: ${head.commit ?? 'nothing'} -> ${commit} (${ref})`)
  return {
    after: commit,
    ref,
    ...(head.commit === undefined ? {} : { before: head.commit }),
    ...(overwritten === undefined ? {} : { overwritten }),
    ...(await describeTip(tip, path, git, run)),
  }
}
