import {
  type DeployError,
  describeError,
  type Logger,
  type Looked,
  type Outcome,
  type RollbackRequest,
} from '@fairway/core'
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
  if (step === 'buildImages' || step === 'applyPlan') return `Docker compose failed for ${app}`
  return `Deployment of ${app} failed at ${step}`
}

export interface ToEndingOptions {
  /** Masks what a command may have said: others read it. */
  readonly redact: (text: string) => string
  /** Why somebody ended it, whatever the step at work made of that. */
  readonly ended?: DeployError | undefined
  /** What a step looked at that failed before the pull. */
  readonly looked?: Looked | undefined
}

/** The same for the journal. */
export function toEnding(outcome: Outcome<Deployed>, { redact, ended, looked }: ToEndingOptions): Ending {
  const back = outcome.ctx.push?.manual?.rollback
  const { after: commit = null, subject = null, author = null } = about(outcome, looked) ?? {}
  const what = { commit, subject, author }
  switch (outcome.status) {
    case 'success':
      return { status: 'success', reason: back ? redact(wentBack(commit, back)) : null, ...what }
    case 'skipped':
      return { status: 'skipped', reason: redact(outcome.reason), ...what }
    case 'failure':
      return { status: 'failure', reason: redact(describeError(outcome.error)), ...what }
    case 'cancelled':
      return { status: 'cancelled', reason: redact(describeError(ended ?? outcome.error)), ...what }
  }
}

/** One that was skipped is about a commit only where that was found not worth a deployment. */
function about(outcome: Outcome<Deployed>, looked: Looked | undefined): Looked | undefined {
  if (outcome.ctx.pull) return outcome.ctx.pull
  if (outcome.status !== 'skipped') return looked
  const { commit } = outcome
  if (commit === undefined) return undefined
  return looked?.after === commit ? looked : { after: commit }
}

function wentBack(commit: string | null, { reason, again }: RollbackRequest): string {
  if (again) return reason
  return `went back to ${commit?.slice(0, 7) ?? 'an earlier release'}: ${reason}`
}
