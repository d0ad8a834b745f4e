import { stat } from 'node:fs/promises'
import { type App, cleanText, type Environment, runCommand } from '@fairway/core'
import type { Executors } from '@fairway/server'
import { blocks, type Finding, fromError, ok, warning } from './finding.ts'

/** Milliseconds that a remote may take to answer. */
const remoteTimeout = 15_000

/** One app: its checkout is there and ours, its remote answers, and its git configuration runs nothing. */
export async function checkApp(
  app: App,
  executors: Executors,
  environment: Environment,
): Promise<readonly Finding[]> {
  const check = `apps.${app.name}`
  const owner = await checkOwner(app, check)
  if (owner?.level === 'blocks') return [owner]
  try {
    const head = await executors.git.head(app.path)
    if (head === undefined && app.url === undefined) {
      return [
        blocks(
          check,
          `${app.path} is not the top folder of a git checkout`,
          `git clone URL ${app.path}, or set \`url\` of the app`,
        ),
      ]
    }
    const checkout =
      head === undefined
        ? warning(check, `${app.path} is not there yet: the first deploy clones it`)
        : ok(check, `${app.path} is on ${head.branch ?? 'no branch'}`)
    const keys = head === undefined ? [] : await checkGitConfig(app, check, environment)
    return [checkout, ...keys, await checkRemote(app, check, head !== undefined, executors)]
  } catch (error) {
    return [fromError(check, error)]
  }
}

/** git refuses a checkout of somebody else ("dubious ownership"), and Fairway never tells it not to. */
async function checkOwner({ path }: App, check: string): Promise<Finding | undefined> {
  const uid = process.getuid?.()
  const owner = await stat(path).then(
    (found) => found.uid,
    () => undefined,
  )
  if (owner === undefined || uid === undefined || owner === uid) return undefined
  const message = `${path} belongs to user ${owner}, and Fairway runs as user ${uid}: git refuses it`
  return uid === 0
    ? warning(check, message, `chown -R root ${path}`)
    : blocks(check, message, `sudo chown -R "$(id -un)" ${path}`)
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

/** Keys that make git run a program, or go somewhere else than origin says. */
const suspicious =
  /^(core\.(fsmonitor|hookspath|sshcommand|gitproxy|pager|editor)|filter\..*|include(if)?\..*|url\..*|remote\..*\.(uploadpack|receivepack|vcs)|protocol\..*|credential\..*helper|diff\..*\.(command|textconv))$/i

async function checkGitConfig(
  { path }: App,
  check: string,
  environment: Environment,
): Promise<readonly Finding[]> {
  const { PATH = '', HOME = '' } = environment
  const command = {
    command: 'git',
    args: ['config', '--local', '--list', '--name-only'],
    directory: path,
    environment: { PATH, HOME },
  }
  const { stdout } = await runCommand({ ...command, timeout: 10_000 })
  const keys = new Set(
    stdout.split('\n').filter((key) => suspicious.test(key) && !key.startsWith('filter.lfs.')),
  )
  return [...keys].map((key) =>
    warning(
      check,
      `${path}/.git/config sets ${cleanText(key)}, which can run a program or change where git goes`,
      `git -C ${path} config --local --unset-all ${cleanText(key)}`,
    ),
  )
}
