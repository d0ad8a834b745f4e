import type { Deployment, DeploymentLogs, Journal } from '@fairway/server'
import { journalError } from '@fairway/server/journal'

export interface FollowOptions {
  readonly journal: Journal
  readonly logs: Pick<DeploymentLogs, 'read'>
  /** Given what was added to the log, whole lines. */
  readonly show: (text: string, id: string) => void
  /** Told when it gave way to a newer one, which is followed from there on. */
  readonly superseded: (older: Deployment, newer: string) => void
  /** Called again and again while it hasn't ended. */
  readonly waiting?: (deployment: Deployment) => Promise<void>
  readonly signal?: AbortSignal
}

/** Milliseconds between two looks where nothing tells of a change. */
const pause = 250

/** Follows a deployment's row and log until it has ended; rejects when `signal` aborts. */
export async function followDeployment(id: string, options: FollowOptions): Promise<Deployment> {
  const changes = watchChanges(options)
  try {
    return await follow(id, options, changes)
  } finally {
    changes.close()
  }
}

async function follow(id: string, options: FollowOptions, changes: Changes): Promise<Deployment> {
  const { journal, logs, show, superseded, waiting, signal } = options
  for (let from = 0; ;) {
    signal?.throwIfAborted()
    // The row first: all that was written before its end is in the log by then.
    const deployment = await journal.deployment(id)
    if (!deployment) throw forgotten(id)
    const read = await logs.read(id, from)
    if (read && read.text !== '') show(read.text, id)
    from = read?.next ?? from
    if (deployment.supersededBy !== null) {
      superseded(deployment, deployment.supersededBy)
      return follow(deployment.supersededBy, options, changes)
    }
    if (deployment.endedAt !== null) return deployment
    await waiting?.(deployment)
    await changes.next()
  }
}

interface Changes {
  /** Resolves at a change since it last resolved, or after a pause; rejects when the signal aborts. */
  readonly next: () => Promise<void>
  readonly close: () => void
}

function watchChanges({ journal, signal }: FollowOptions): Changes {
  let changed = Promise.withResolvers<void>()
  const unfollow = journal.follow?.(() => changed.resolve())
  const abort = (): void => changed.reject(signal?.reason)
  // Nobody may be waiting at that moment.
  const renew = (): void => {
    changed = Promise.withResolvers<void>()
    changed.promise.catch(() => {})
  }
  renew()
  signal?.addEventListener('abort', abort)
  return {
    async next() {
      const timer = setTimeout(() => changed.resolve(), pause)
      try {
        signal?.throwIfAborted()
        await changed.promise
      } finally {
        clearTimeout(timer)
        renew()
      }
    },
    close() {
      signal?.removeEventListener('abort', abort)
      unfollow?.()
    },
  }
}

function forgotten(id: string): Error {
  return journalError('not_found', `Deployment ${id} is not in the journal any more`, {
    hint: '`fairway deployments` lists those that are kept',
  })
}
