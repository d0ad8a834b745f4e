import { type App, findWayBack, type Push, type Release } from '@fairway/core'
import { cleanText, isDeployError } from '@fairway/core/basics'
import type { Executors } from '@fairway/server'
import { ago, localTime } from '../display/when.ts'
import { executorsFor } from '../executors.ts'
import { UsageError } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { checkEnvironment } from '../journal/check-environment.ts'
import { requestDeployment } from '../journal/request.ts'
import { shortId } from '../journal/short-ids.ts'
import { readConfig } from '../read-config.ts'
import { runningServer, type ServerLock } from '../server-lock.ts'
import { watchSignals } from '../signals.ts'
import { logTo, type Terminal } from '../terminal.ts'
import { thisUser } from '../this-user.ts'

export interface RollbackOptions {
  readonly config?: string
  readonly to?: string
}

/**
 * Goes back to a release and watches it, as `deploy` deploys. The release is chosen now, so that it is the one that is said, whatever
 * is deployed before its turn comes.
 */
export async function rollback(name: string, options: RollbackOptions, terminal: Terminal): Promise<number> {
  if (options.to === '') throw new UsageError('--to is empty')
  const config = await readConfig(options, terminal)
  const app = findApp(name, config)
  const needed = executorsFor(terminal)
  const signals = watchSignals()
  try {
    const { signal } = signals
    const [server, executors] = await Promise.all([runningServer(config.server.dataDir), needed()])
    if (!server) await checkEnvironment(executors)
    const to = await choose(app, { to: options.to, executors, terminal, signal, server })
    return await requestDeployment(name, byHand(app, to), {
      config,
      executors: needed,
      terminal,
      signal,
      server,
    })
  } finally {
    signals.ignore()
  }
}

interface Choosing {
  readonly to: string | undefined
  readonly executors: Executors
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly server: ServerLock | undefined
}

/** What is asked for: the release by its id, where it could be told here. */
async function choose(
  app: App,
  { to, executors, terminal, signal, server }: Choosing,
): Promise<string | undefined> {
  try {
    const wanted = to === undefined ? {} : { to }
    const { release, left } = await findWayBack(app, {
      ...executors,
      ...wanted,
      signal,
      log: logTo(terminal),
    })
    terminal.stderr.write(`Going back with ${app.name} to ${describe(release)}.\n`)
    // What failed is left for the last success, which need not be a release.
    return left?.failed && to === undefined ? undefined : release.id
  } catch (error) {
    // Who may ask the server need not be able to read the checkout.
    if (!server || signal.aborted || isDeployError(error, 'no_release')) throw error
    terminal.stderr.write(`Going back with ${app.name} to ${cleanText(to ?? 'the release before')}.\n`)
    return to
  }
}

function describe({ commit, at, deployment }: Release): string {
  const when = at === '' ? '' : `, ${ago(at, new Date())}, ${localTime(at)}`
  const whose = deployment === undefined ? '' : `, deployment ${shortId(deployment)}`
  return `${commit.slice(0, 7)}${when}${whose}`
}

function byHand({ repository }: App, to: string | undefined): Push {
  const pusher = thisUser()
  const back = { reason: `asked for by ${pusher}`, ...(to === undefined ? {} : { to }) }
  return { repository, ref: 'HEAD', pusher, manual: { rollback: back } }
}
