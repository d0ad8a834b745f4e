import { type App, DeployError, type Logger, type RunEvent } from '@fairway/core'
import type { Claim, Journal } from './journal/journal.ts'
import type { DeployPipeline } from './pipelines.ts'
import { logOutcome, toEnding } from './report-outcome.ts'

export interface RunDeploymentOptions {
  readonly journal: Journal
  /** The app of that name as it is configured now. */
  readonly findApp: (name: string) => Promise<App | undefined>
  readonly pipeline: DeployPipeline
  readonly log: Logger
  /** Masks secrets in the reason that is recorded. */
  readonly redact?: (text: string) => string
  /** Told of every step that ended, with the deployment it belongs to. */
  readonly observe?: (claim: Claim, event: RunEvent) => void
}

/** A deployment at work. */
export interface RunningDeployment {
  readonly app: string
  /** Resolves when its end is recorded. */
  readonly done: Promise<void>
  /** A newer push came before it had its lock. */
  supersede(): void
  /** Ends it, wherever it is. */
  cancel(): void
  /** Where it still waits for its lock, it starts anew with the app as it is configured now. */
  reconsider(): void
}

/** Runs a deployment that the journal handed out, and records how it went. */
export function runDeployment(
  claim: Claim,
  { journal, findApp, pipeline, log, redact = (text) => text, observe }: RunDeploymentOptions,
): RunningDeployment {
  const { id, app: name } = claim.deployment
  let controller = new AbortController()
  let ended: DeployError | undefined
  let hasLock = false

  const end = (reason: DeployError): void => {
    ended ??= reason
    controller.abort(ended)
  }

  const run = async (): Promise<void> => {
    controller = new AbortController()
    const { signal } = controller
    // What came while the last run was given up counts for this one.
    if (ended) controller.abort(ended)
    const app = await findApp(name)
    if (!app) return recordMissing()
    const records: Promise<unknown>[] = []
    const outcome = await pipeline.run(
      { app, push: claim.push },
      {
        log,
        signal,
        observe(event) {
          if (signal.reason === anew) return
          observe?.(claim, event)
          if (event.type !== 'step-ended') return
          const { step, status, durationMs } = event
          // Its first step took the lock: from here on it has started, and nothing supersedes it.
          if (step === pipeline.steps[0] && status === 'success') records.push(begin())
          records.push(journal.stepEnded(id, { name: step, status, durationMs }))
        },
      },
    )
    await Promise.all(records)
    if (outcome.status === 'cancelled' && signal.reason === anew) {
      log.info(
        `${name} is configured differently now: its deployment ${id}, which has not started, follows that.`,
      )
      return run()
    }
    if (outcome.status !== 'cancelled' || ended !== superseded) logOutcome(name, outcome, log)
    await journal.ended(id, toEnding(outcome, redact))
  }

  const recordMissing = (): Promise<void> => {
    const reason = `there is no app ${name} any more`
    log.error(`Deployment ${id} failed: ${reason}`)
    return journal.ended(id, { status: 'failure', reason, commit: null })
  }

  const begin = async (): Promise<void> => {
    hasLock = true
    if (!(await journal.started(id))) end(superseded)
  }

  return {
    app: name,
    done: run().catch((error: unknown) =>
      log.error(`Deployment ${id} of ${name} could not be recorded: ${String(error)}`),
    ),
    supersede: () => end(superseded),
    cancel: () => end(new DeployError('cancelled', 'the server was stopped')),
    reconsider() {
      if (!hasLock && !ended) controller.abort(anew)
    },
  }
}

const superseded = new DeployError('cancelled', 'a newer push came before it started')
const anew = new DeployError('cancelled', 'it starts anew')
