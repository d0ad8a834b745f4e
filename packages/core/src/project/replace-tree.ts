import type { App } from '../domain/app.ts'
import type { Clock } from '../executors/clock.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import { shellWord } from '../shell-word.ts'
import { pythonList } from '../text.ts'
import { checkTip, type FoundTip } from './find-tip.ts'

/** Moves the tree to a commit that is here, after all that may speak against it; gives the ref that keeps what was replaced. */
export async function replaceTree(
  app: App,
  found: FoundTip,
  { git, clock }: { readonly git: Git; readonly clock: Clock },
  run: Run,
): Promise<string | undefined> {
  const { path } = app
  const { checkout, branch, tip } = found
  await checkTip(app, found, git, run)
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
  await git.moveTo(checkout, branch, tip.commit, run)
  return kept?.ref ?? commits
}
