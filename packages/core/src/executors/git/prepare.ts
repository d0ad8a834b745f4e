import type { Call } from '../../run.ts'
import type { Checkout, Git, Unsupported } from '../git.ts'
import type { RunGit } from './command.ts'
import { type Content, readContent } from './content.ts'
import { lfsConfigProblem, ownConfigProblem, readLfsConfig } from './lfs-config.ts'
import { fetchLfs } from './lfs-fetch.ts'
import { isStored } from './lfs-pointer.ts'
import { type LfsFile, lfsObjects, listLfsFiles } from './lfs.ts'
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
      const prepared = await prepareContent(checkout, commit, tools, call)
      return 'unsupported' in prepared ? prepared.unsupported : undefined
    },
  }
}

type Prepared = { readonly unsupported: Unsupported } | { readonly lfs: readonly LfsFile[] }

/** Why the commit can't be deployed, or its files of Git LFS, all of whose contents are here by then. */
export async function prepareContent(
  checkout: Checkout,
  commit: string,
  tools: Tools,
  call?: Call,
): Promise<Prepared> {
  const { path } = checkout
  const content = await readContent(path, commit, tools, call)
  const unsupported =
    filterProblem(content) ?? (await submoduleProblem({ path, commit, content }, tools, call))
  if (unsupported) return { unsupported }
  const lfs = await listLfsFiles(path, content, tools.run, call)
  const problem = lfs.length === 0 ? undefined : await obtain(checkout, { commit, content, lfs }, tools, call)
  return problem ? { unsupported: problem } : { lfs }
}

interface Wanted {
  readonly commit: string
  readonly content: Content
  readonly lfs: readonly LfsFile[]
}

async function obtain(
  checkout: Checkout,
  { commit, content, lfs }: Wanted,
  tools: Tools,
  call?: Call,
): Promise<Unsupported | undefined> {
  const { path } = checkout
  const { run, read } = tools
  if (!(await tools.hasLfs())) return lfsProblem(lfs)
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
  const stored = await Promise.all(lfs.map(({ pointer }) => isStored(objects, pointer)))
  if (stored.includes(false)) await fetchLfs(checkout, { commit, config }, tools, call)
  return undefined
}
