import { describeError, type Logger, type Outcome } from '@fairway/core'
import type { Ending } from './journal/journal.ts'
import type { Deployed } from './pipelines.ts'

/** Says in the log how a deployment ended, where the steps themselves have not said it. */
export function logOutcome(app: string, outcome: Outcome<Deployed>, log: Logger): void {
  switch (outcome.status) {
    case 'success':
      return
    case 'skipped':
      log.info(`Nothing to deploy: ${outcome.reason}`)
      return
    case 'cancelled':
      log.warn(`Deployment of ${app} was cancelled at ${outcome.step}: ${describeError(outcome.error)}`)
      return
    case 'failure':
      log.error(`${failure(app, outcome.step)}: ${describeError(outcome.error)}`)
  }
}

/** The seed's own words where the step is one of the seed's. */
function failure(app: string, step: string): string {
  if (step === 'gitPull') return `Git pull failed for ${app}`
  if (step === 'composeUp') return `Docker compose failed for ${app}`
  return `Deployment of ${app} failed at ${step}`
}

/** The same for the journal, which others read: `redact` masks what a command may have said. */
export function toEnding(outcome: Outcome<Deployed>, redact: (text: string) => string): Ending {
  const commit = outcome.ctx.pull?.after ?? null
  switch (outcome.status) {
    case 'success':
      return { status: 'success', reason: null, commit }
    case 'skipped':
      return { status: 'skipped', reason: redact(outcome.reason), commit }
    case 'failure':
    case 'cancelled':
      return { status: outcome.status, reason: redact(describeError(outcome.error)), commit }
  }
}
