import type { App } from '../domain/app.ts'
import { isDeployError } from '../errors.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import { pythonList } from '../text.ts'

/** The log shows so many of them. */
const most = 100

/** Files changed since the commit last deployed with success, or why that can't be told. */
export async function changedSinceBase(
  { name, path }: App,
  commit: string,
  git: Git,
  run: Run,
): Promise<readonly string[] | { readonly unknown: string }> {
  const base = await git.deployed(path, name, run)
  if (base === undefined) return { unknown: `${name} has no successful deployment yet` }
  run.log.info(`Checking git diff for ${path}...`)
  try {
    const changed = base === commit ? [] : await git.changedFiles(path, base, commit, run)
    if (changed === undefined)
      return { unknown: `the commit last deployed, ${base}, is no longer in the checkout` }
    const more = changed.length > most ? ` and ${changed.length - most} more` : ''
    run.log.info(`Changed files in git: ${pythonList(changed.slice(0, most))}${more}`)
    return changed
  } catch (error) {
    if (!isDeployError(error, 'git_failed')) throw error
    run.log.error(`Git diff failed for ${path}: ${error.message}`)
    return { unknown: 'what changed since the last deployment could not be read' }
  }
}
