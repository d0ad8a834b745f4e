import type { Claim } from './journal/journal.ts'
import { runDeployment, type RunDeploymentOptions, type RunningDeployment } from './run-deployment.ts'

export interface WorkerOptions extends RunDeploymentOptions {
  /** Deployments at once over all apps, as it is configured now; one at a time per app, always. */
  readonly concurrency: () => number
}

/** Takes deployments from the journal and runs them. */
export interface Worker {
  /** Looks for work, and stops those that wait for a lock but were superseded. */
  wake(superseded?: readonly string[]): void
  /** Looks for work; what these apps have waiting for a lock starts anew, with the app as it is configured now. */
  reconsider(apps: readonly string[]): void
  /** Takes no more work and waits for what runs; when `hurry` aborts, that is cancelled. */
  close(hurry?: AbortSignal): Promise<void>
}

export function startWorker({ concurrency, ...options }: WorkerOptions): Worker {
  const { journal, log } = options
  const running = new Map<string, RunningDeployment>()
  let looking = Promise.resolve()
  let closed = false

  const look = async (): Promise<void> => {
    while (!closed && running.size < concurrency()) {
      const claim = await journal.next(new Set([...running.values()].map(({ app }) => app)))
      if (!claim) return
      start(claim)
    }
  }

  const start = (claim: Claim): void => {
    const { id } = claim.deployment
    const deployment = runDeployment(claim, options)
    running.set(id, deployment)
    void lookAfter(id, deployment)
  }

  const lookAfter = async (id: string, { done }: RunningDeployment): Promise<void> => {
    await done
    running.delete(id)
    wake()
  }

  const wake = (superseded: readonly string[] = []): void => {
    if (superseded.length > 0) log.info(`Superseded by a newer push: ${superseded.join(', ')}`)
    for (const id of superseded) running.get(id)?.supersede()
    looking = looking
      .then(look)
      .catch((error: unknown) => log.error(`Cannot read the queue: ${String(error)}`))
  }

  return {
    wake,
    reconsider(apps) {
      for (const deployment of running.values()) if (apps.includes(deployment.app)) deployment.reconsider()
      wake()
    },
    async close(hurry) {
      closed = true
      const cancel = (): void => {
        for (const deployment of running.values()) deployment.cancel()
      }
      if (hurry?.aborted) cancel()
      hurry?.addEventListener('abort', cancel, { once: true })
      await looking
      await Promise.all([...running.values()].map(({ done }) => done))
      hurry?.removeEventListener('abort', cancel)
    },
  }
}
