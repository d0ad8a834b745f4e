import type { App } from '@fairway/core'
import { type Claim, type Executors, type Journal, recover } from '@fairway/server'
import { logTo, type Terminal } from '../terminal.ts'

export interface TakeOverOptions {
  readonly journal: Journal
  readonly executors: Executors
  readonly terminal: Terminal
}

/** Before anything is touched: without an engine the checkout must not move either. */
export async function checkEnvironment({ git, compose, engine }: Executors): Promise<void> {
  await Promise.all([git.version(), compose.version(), engine.version()])
}

/** Takes what an app has waiting in nobody's hands into this process's, the oldest first; undefined where there is none. */
export async function takeOver(
  app: App['name'],
  { journal, executors, terminal }: TakeOverOptions,
): Promise<Claim | undefined> {
  await checkEnvironment(executors)
  await recover(journal, logTo(terminal))
  const waiting = await Promise.all([
    journal.deployments({ status: 'queued', limit: Infinity }),
    journal.deployments({ status: 'interrupted', limit: Infinity }),
  ])
  const others = waiting.flat().map((deployment) => deployment.app)
  return journal.next(new Set(others.filter((name) => name !== app)))
}
