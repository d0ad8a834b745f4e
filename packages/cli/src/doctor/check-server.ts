import type { Environment } from '@fairway/core'
import type { Config, Executors } from '@fairway/server'
import type { Accounts } from '../users.ts'
import { checkDisk } from './check-disk.ts'
import { checkFolders } from './check-folders.ts'
import { checkPort } from './check-port.ts'
import { checkReach } from './check-reach.ts'
import { checkSecrets } from './check-secrets.ts'
import type { Finding } from './finding.ts'

export interface CheckServerOptions {
  readonly executors: Executors
  readonly environment: Environment
  readonly accounts: Accounts
}

/** The place where the server will stand: what it writes, its disk, its port, its secrets, and who can reach it. */
export async function checkServer(
  config: Config,
  { executors, environment, accounts }: CheckServerOptions,
): Promise<readonly Finding[]> {
  const findings = await Promise.all([
    checkSecrets(config),
    checkFolders(config, executors, accounts),
    checkDisk(config, environment),
    checkPort(config.server),
    checkReach(config.server),
  ])
  return findings.flat()
}
