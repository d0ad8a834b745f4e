import { shellWord, type App, cleanText, type Environment } from '@fairway/core'
import type { Executors } from '@fairway/server'
import type { Accounts } from '../users.ts'
import { checkGitConfig } from './check-git-config.ts'
import { checkLfs } from './check-lfs.ts'
import { checkOwnership } from './check-ownership.ts'
import { blocks, type Finding, fromError, ok, warning } from './finding.ts'

/** Milliseconds that a remote may take to answer. */
const remoteTimeout = 15_000

export interface CheckAppOptions {
  readonly executors: Executors
  readonly environment: Environment
  readonly accounts: Accounts
}

/** One app: its checkout is there and ours, its remote answers, and its git configuration runs nothing. */
export async function checkApp(app: App, options: CheckAppOptions): Promise<readonly Finding[]> {
  const check = `apps.${app.name}`
  const { executors, environment, accounts } = options
  const owned = await checkOwnership(app, check, accounts)
  if (owned.some(({ level }) => level === 'blocks')) return owned
  try {
    const head = await executors.git.head(app.path)
    if (head === undefined && app.url === undefined) {
      const message = `${app.path} is not the top folder of a git checkout`
      return [
        ...owned,
        blocks(check, message, `git clone URL ${shellWord(app.path)}, or set \`url\` of the app`),
      ]
    }
    const remote = await checkRemote(app, check, head !== undefined, executors)
    if (head === undefined) {
      return [...owned, warning(check, `${app.path} is not there yet: the first deploy clones it`), remote]
    }
    return [
      ...owned,
      ok(check, `${app.path} is on ${head.branch ?? 'no branch'}`),
      ...(await checkGitConfig(app, check, environment)),
      ...(await checkLfs(app, check, environment)),
      remote,
    ]
  } catch (error) {
    return [...owned, fromError(check, error)]
  }
}

async function checkRemote(
  { path, url }: App,
  check: string,
  isThere: boolean,
  { git }: Executors,
): Promise<Finding> {
  try {
    const branch = await git.defaultBranch({
      path: isThere ? path : '/',
      timeout: remoteTimeout,
      ...(url === undefined ? {} : { url }),
    })
    return ok(check, `its remote answers, default branch ${cleanText(branch)}`)
  } catch (error) {
    return fromError(check, error)
  }
}
