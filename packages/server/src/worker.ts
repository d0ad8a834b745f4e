import { describeError } from '@fairway/core'
import { backgroundClock } from './background/background-clock.ts'
import type { Claim } from './journal/journal.ts'
import { runDeployment } from './run-deployment.ts'
import type { RunDeploymentOptions, RunningDeployment } from './running-deployment.ts'

export interface WorkerOptions extends RunDeploymentOptions {
  /** Deployments at once over all apps, as it is configured now; one at a time per app, always. */
  readonly concurrency: () => number
}

/** Takes deployments from the journal and runs them. */
export interface Worker {
  /** Looks for work, and stops those that wait for a lock but were superseded. */
  wake(superseded?: readonly string[]): void
  /** Ends one that runs here. */
  cancel(id: string, reason: string): void
  /** Looks for work; what these apps have waiting for a lock starts anew, with the app as it is configured now. */
  reconsider(apps: readonly string[]): void
  /**
   * Takes no more work and leaves what runs to the next start, but for what replaces containers, which is waited for;
   * when `hurry` aborts, that too.
   */
  close(hurry?: AbortSignal): Promise<void>
}

/** Milliseconds until a queue that could not be read is read again. */
const secondLook = 1_000

export function startWorker({ concurrency, clock = backgroundClock(), ...options }: WorkerOptions): Worker {
  const { journal, log } = options
  const running = new Map<string, RunningDeployment>()
  const closing = new AbortController()
  let looking = Promise.resolve()
  let isDue = false
  let told = false

  const look = async (): Promise<void> => {
    while (!closing.signal.aborted && running.size < concurrency()) {
      const claim = await journal.next(new Set([...running.values()].map(({ app }) => app)))
      told = false
      if (!claim) return
      start(claim)
    }
  }

  const start = (claim: Claim): void => {
    const { id } = claim.deployment
    const deployment = runDeployment(claim, { ...options, clock })
    running.set(id, deployment)
    // Handed out while the worker was closing.
    if (closing.signal.aborted) deployment.handOver()
    void lookAfter(id, deployment)
  }

  const lookAfter = async (id: string, { done }: RunningDeployment): Promise<void> => {
    await done
    running.delete(id)
    wake()
  }

  const wake = (superseded: readonly string[] = []): void => {
    for (const id of superseded) running.get(id)?.supersede()
    // One look sees all that was stored before it begins.
    if (isDue) return
    isDue = true
    looking = looking
      .then(() => {
        isDue = false
        return look()
      })
      .catch(lookLater)
  }

  /** Nobody else may wake it: what was accepted is not to wait for the next push. */
  const lookLater = (error: unknown): void => {
    if (!told) log.error(`Cannot read the queue, and try again until it works: ${describeError(error)}`)
    told = true
    void wakeLater()
  }

  const wakeLater = async (): Promise<void> => {
    try {
      await clock.sleep(secondLook, closing.signal)
    } catch {
      // Closed meanwhile.
      return
    }
    wake()
  }

  return {
    wake,
    cancel: (id, reason) => running.get(id)?.cancel(reason),
    reconsider(apps) {
      for (const deployment of running.values()) if (apps.includes(deployment.app)) deployment.reconsider()
      wake()
    },
    async close(hurry) {
      closing.abort()
      for (const deployment of running.values()) deployment.handOver()
      const hurryUp = (): void => {
        for (const deployment of running.values()) deployment.handOverNow()
      }
      if (hurry?.aborted) hurryUp()
      hurry?.addEventListener('abort', hurryUp, { once: true })
      await looking
      await Promise.all([...running.values()].map(({ done }) => done))
      hurry?.removeEventListener('abort', hurryUp)
    },
  }
}
