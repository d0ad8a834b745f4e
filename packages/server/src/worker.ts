import { type App, DeployError, type Logger, type RunEvent } from '@fairway/core'
import type { Claim, Journal } from './journal/journal.ts'
import type { DeployPipeline } from './pipelines.ts'
import { logOutcome, toEnding } from './report-outcome.ts'

export interface WorkerOptions {
  readonly journal: Journal
  /** The app of that name as it is configured now. */
  readonly findApp: (name: string) => Promise<App | undefined>
  readonly pipeline: DeployPipeline
  /** Deployments at once over all apps; one at a time per app, always. */
  readonly concurrency: number
  readonly log: Logger
  /** Told of every step that ended, with the deployment it belongs to. */
  readonly observe?: (claim: Claim, event: RunEvent) => void
}

/** Takes deployments from the journal and runs them. */
export interface Worker {
  /** Looks for work, and stops those that wait for a lock but were superseded. */
  wake(superseded?: readonly string[]): void
  /** Takes no more work and waits for what runs; when `hurry` aborts, that is cancelled. */
  close(hurry?: AbortSignal): Promise<void>
}

interface Running {
  readonly app: string
  readonly controller: AbortController
  readonly done: Promise<void>
}

export function startWorker({
  journal,
  findApp,
  pipeline,
  concurrency,
  log,
  observe,
}: WorkerOptions): Worker {
  const running = new Map<string, Running>()
  let looking = Promise.resolve()
  let closed = false

  const look = async (): Promise<void> => {
    while (!closed && running.size < concurrency) {
      const claim = await journal.next(new Set([...running.values()].map(({ app }) => app)))
      if (!claim) return
      start(claim)
    }
  }

  const start = (claim: Claim): void => {
    const { id, app } = claim.deployment
    const controller = new AbortController()
    const done = run(claim, controller)
      .catch((error: unknown) =>
        log.error(`Deployment ${id} of ${app} could not be recorded: ${String(error)}`),
      )
      .finally(() => {
        running.delete(id)
        wake()
      })
    running.set(id, { app, controller, done })
  }

  const run = async (claim: Claim, controller: AbortController): Promise<void> => {
    const { id, app: name } = claim.deployment
    const app = await findApp(name)
    if (!app) {
      await journal.ended(id, { status: 'failure', reason: `there is no app ${name} any more`, commit: null })
      return
    }
    const records: Promise<unknown>[] = []
    const outcome = await pipeline.run(
      { app, push: claim.push },
      {
        log,
        signal: controller.signal,
        observe(event) {
          observe?.(claim, event)
          if (event.type !== 'step-ended') return
          const { step, status, durationMs } = event
          // Its first step took the lock: from here on it has started, and nothing supersedes it.
          if (step === pipeline.steps[0] && status === 'success') records.push(begin(id, controller))
          records.push(journal.stepEnded(id, { name: step, status, durationMs }))
        },
      },
    )
    await Promise.all(records)
    if (outcome.status !== 'cancelled' || !wasSuperseded(controller.signal)) logOutcome(name, outcome, log)
    await journal.ended(id, toEnding(outcome))
  }

  const begin = async (id: string, controller: AbortController): Promise<void> => {
    if (!(await journal.started(id))) controller.abort(superseded())
  }

  const wake = (given: readonly string[] = []): void => {
    if (given.length > 0) log.info(`Superseded by a newer push: ${given.join(', ')}`)
    for (const id of given) running.get(id)?.controller.abort(superseded())
    looking = looking
      .then(look)
      .catch((error: unknown) => log.error(`Cannot read the queue: ${String(error)}`))
  }

  return {
    wake,
    async close(hurry) {
      closed = true
      const cancel = (): void => {
        for (const { controller } of running.values())
          controller.abort(new DeployError('cancelled', 'the server was stopped'))
      }
      if (hurry?.aborted) cancel()
      hurry?.addEventListener('abort', cancel, { once: true })
      await looking
      await Promise.all([...running.values()].map(({ done }) => done))
      hurry?.removeEventListener('abort', cancel)
    },
  }
}

class Superseded extends DeployError {}

function superseded(): Superseded {
  return new Superseded('cancelled', 'a newer push came before it started')
}

function wasSuperseded(signal: AbortSignal): boolean {
  return signal.reason instanceof Superseded
}
