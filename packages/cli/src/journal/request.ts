import type { Push } from '@fairway/core'
import type { Config } from '@fairway/server'
import type { Needed } from '../executors.ts'
import type { ServerLock } from '../server-lock.ts'
import type { Terminal } from '../terminal.ts'
import { nameDeployment } from './describe.ts'
import { withJournal } from './open.ts'

export interface Requesting {
  readonly config: Config
  readonly executors: Needed
  readonly terminal: Terminal
  /** Aborts when the user wants it to end. */
  readonly signal: AbortSignal
  /** The one that runs with this data directory. */
  readonly server: ServerLock | undefined
}

/**
 * Asks for a deployment of an app and watches it to its end; gives the exit code. Beside a server that has it in its queue; else it
 * runs in this process, under the app's locks.
 */
export async function requestDeployment(
  app: string,
  push: Push,
  { server, ...options }: Requesting,
): Promise<number> {
  const { config, terminal } = options
  return withJournal(config, terminal, async (journal) => {
    const what = push.manual?.rollback ? 'a way back, ' : ''
    const reason = `${what}asked for by ${push.pusher}`
    const deployment = await journal.request({ app, push, reason, claim: !server })
    if (server) {
      const inHands = `is in the hands of the server (pid ${server.pid})`
      terminal.stderr.write(`The ${nameDeployment(deployment)} ${inHands}.\n`)
    }
    // Loaded while the server is at work already.
    const { watch } = await import('./watch.ts')
    const watching = { ...options, journal, grace: 3_000 }
    return watch([deployment.id], watching, server ? undefined : { deployment, push })
  })
}
