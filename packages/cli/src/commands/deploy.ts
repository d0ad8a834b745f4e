import type { App, Push } from '@fairway/core'
import { executorsFor } from '../executors.ts'
import { UsageError } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { checkEnvironment } from '../journal/check-environment.ts'
import { requestDeployment } from '../journal/request.ts'
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
  const executors = executorsFor(terminal)
  const signals = watchSignals()
  try {
    const server = await runningServer(config.server.dataDir)
    if (!server) await checkEnvironment(await executors())
    const { signal } = signals
    return await requestDeployment(name, push, { config, executors, terminal, signal, server })
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
