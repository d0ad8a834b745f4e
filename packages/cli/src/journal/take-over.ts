import type { App } from '@fairway/core'
import type { Claim, Executors, Journal } from '@fairway/server'
import { recover } from '@fairway/server/journal'
import { logTo, type Terminal } from '../terminal.ts'
import { checkEnvironment } from './check-environment.ts'

export interface TakeOverOptions {
  readonly journal: Journal
  readonly executors: Executors
  readonly terminal: Terminal
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
