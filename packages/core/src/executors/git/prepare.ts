import type { Call } from '../../run.ts'
import type { Checkout, Git, Unsupported } from '../git.ts'
import type { RunGit } from './command.ts'
import { type Content, readContent } from './content.ts'
import { lfsConfigProblem, ownConfigProblem, readLfsConfig } from './lfs-config.ts'
import { fetchLfs } from './lfs-fetch.ts'
import { isStored } from './lfs-pointer.ts'
import { lfsObjects, listLfsFiles } from './lfs.ts'
import type { ReadGit } from './reads.ts'
import { submoduleProblem } from './submodules.ts'
import { filterProblem, lfsProblem } from './unsupported.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly hasLfs: () => Promise<boolean>
}

/** What finds out whether a commit can be deployed, and has git-lfs fetch what it needs for it. */
export function gitPrepare(tools: Tools): Pick<Git, 'prepare'> {
  return {
    async prepare(checkout, commit, call) {
      const { path } = checkout
      const content = await readContent(path, commit, tools, call)
      return (
        filterProblem(content) ??
        (await submoduleProblem({ path, commit, content }, tools, call)) ??
        (await prepareLfs(checkout, commit, content, tools, call))
      )
    },
  }
}

async function prepareLfs(
  checkout: Checkout,
  commit: string,
  content: Content,
  tools: Tools,
  call?: Call,
): Promise<Unsupported | undefined> {
  const { path } = checkout
  const { run, read } = tools
  const files = await listLfsFiles(path, content, run, call)
  if (files.length === 0) return undefined
  if (!(await tools.hasLfs())) return lfsProblem(files)
  const config = await readLfsConfig(path, content.entries, read, call)
  const problem = await lfsConfigProblem(path, config, run, call)
  if (problem !== undefined) {
    return { problem, hint: 'Correct .lfsconfig in the repository; nothing was changed' }
  }
  const own = await ownConfigProblem(path, read, call)
  if (own !== undefined) {
    return { problem: own, hint: 'Take it out of the git configuration: Fairway has git-lfs run no programs' }
  }
  const objects = await lfsObjects(path, read, call)
  const stored = await Promise.all(files.map(({ pointer }) => isStored(objects, pointer)))
  if (stored.includes(false)) await fetchLfs(checkout, { commit, config }, tools, call)
  return undefined
}
