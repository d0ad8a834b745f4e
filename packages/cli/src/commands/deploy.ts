import type { App, Push } from '@fairway/core'
import { realExecutors } from '@fairway/server'
import { UsageError } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { nameDeployment } from '../journal/describe.ts'
import { withJournal } from '../journal/open.ts'
import { checkEnvironment } from '../journal/take-over.ts'
import { watch } from '../journal/watch.ts'
import { readConfig } from '../read-config.ts'
import { runningServer } from '../server-lock.ts'
import { watchSignals } from '../signals.ts'
import type { Terminal } from '../terminal.ts'
import { thisUser } from '../this-user.ts'

export interface DeployOptions {
  readonly config?: string
  readonly ref?: string
  readonly rebuild?: boolean
}

/**
 * Deploys an app and watches it. Beside a server that has it in its queue; else in this process, under the app's locks: held by
 * another one, it ends with 3 and names it.
 */
export async function deploy(name: string, options: DeployOptions, terminal: Terminal): Promise<number> {
  const config = await readConfig(options, terminal)
  const app = findApp(name, config)
  const push = byHand(app, options)
  const executors = realExecutors(terminal.environment)
  const signals = watchSignals()
  try {
    const server = await runningServer(config.server.dataDir)
    if (!server) await checkEnvironment(executors)
    return await withJournal(config, terminal, async (journal) => {
      const deployment = await journal.request({
        app: name,
        push,
        reason: `asked for by ${push.pusher}`,
        claim: !server,
      })
      if (server) {
        const inHands = `is in the hands of the server (pid ${server.pid})`
        terminal.stderr.write(`The ${nameDeployment(deployment)} ${inHands}.\n`)
      }
      const watching = { config, journal, executors, terminal, signal: signals.signal, grace: 3_000 }
      return watch([deployment.id], watching, server ? undefined : { deployment, push })
    })
  } finally {
    signals.ignore()
  }
}

function byHand({ repository }: App, { ref, rebuild = false }: DeployOptions): Push {
  if (ref === '') throw new UsageError('--ref is empty')
  return {
    repository,
    ref: ref ?? 'HEAD',
    pusher: thisUser(),
    manual: { rebuild, ...(ref === undefined ? {} : { ref }) },
  }
}
