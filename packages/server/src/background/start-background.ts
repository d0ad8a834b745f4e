import { type Clock, describeError, type Logger } from '@fairway/core'
import type { Config } from '../config/config.ts'
import type { Journal } from '../journal/journal.ts'
import type { DeploymentLogs } from '../log/deployment-logs.ts'
import type { Worker } from '../worker.ts'
import { every } from './every.ts'
import { forget } from './forget.ts'
import { recover } from './recover.ts'
import { watchJournal } from './watch-journal.ts'

export interface BackgroundOptions {
  readonly journal: Journal
  readonly worker: Worker
  readonly logs?: DeploymentLogs
  readonly keep: () => Config['server']['keep']
  readonly clock: Clock
  readonly log: Logger
}

/** Milliseconds between two looks for deployments whose process, such as `fairway deploy`, has died. */
const recovering = 10_000
const hour = 3_600_000

/** Starts what goes on beside deliveries and deployments; gives what stops it. */
export function startBackground({ keep, clock, log, ...parts }: BackgroundOptions): () => Promise<void> {
  const { journal, worker } = parts
  const complain = (what: string): ((error: unknown) => void) => {
    let told: string | undefined
    return (error) => {
      const message = `Cannot ${what}: ${describeError(error)}`
      if (message !== told) log.error(message)
      told = message
    }
  }
  const loops = [
    watchJournal({ journal, worker, clock, log }),
    every(
      { pause: () => recovering, clock, onError: complain('look for interrupted deployments') },
      async () => {
        if (await recover(journal, log)) worker.wake()
      },
    ),
    every({ pause: () => hour, clock, onError: complain('forget what is old') }, () =>
      forget({ ...parts, keep: keep(), log }),
    ),
  ]
  return async () => {
    await Promise.all(loops.map((loop) => loop.stop()))
  }
}
