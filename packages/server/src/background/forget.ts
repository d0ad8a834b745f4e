import type { Logger } from '@fairway/core'
import type { Config } from '../config/config.ts'
import type { Journal } from '../journal/journal.ts'
import type { DeploymentLogs } from '../log/deployment-logs.ts'

export interface ForgetOptions {
  readonly keep: Config['server']['keep']
  readonly journal: Pick<Journal, 'prune'>
  readonly logs?: DeploymentLogs
  readonly log: Logger
}

/** Forgets what has been kept for long enough. */
export async function forget({ keep, journal, logs, log }: ForgetOptions): Promise<void> {
  const { deliveries, deployments } = await journal.prune(keep)
  await logs?.remove(deployments)
  const files = (await logs?.prune(keep.logs)) ?? 0
  if (deliveries + deployments.length + files === 0) return
  log.info(
    `Forgot what is older than server.keep says: ${deliveries} deliveries, ${deployments.length} deployments, ${files} logs.`,
  )
}
