import type { App, Logger, Push } from '@fairway/core'
import type { Journal } from '../journal/journal.ts'

export interface WayBackRequest {
  readonly journal: Pick<Journal, 'deployments' | 'request' | 'cancel'>
  readonly log: Logger
  /** Something was queued. */
  readonly wake: () => void
  /** Id of the deployment that turned bad. */
  readonly watched: string
  readonly reason: string
}

/** Asks for a way back, unless something newer is under way: that may be the fix, and a way back after it would undo it. */
export async function requestWayBack(
  { name, repository }: App,
  { journal, log, wake, watched, reason }: WayBackRequest,
): Promise<void> {
  const push: Push = {
    repository,
    ref: 'HEAD',
    pusher: 'fairway',
    manual: { rollback: { reason } },
  }
  if (await isUnderWay(journal, name)) {
    log.warn(`${name} is not brought back: a newer deployment is under way.`)
    return
  }
  const { id } = await journal.request({ app: name, push, reason: `${watched} turned bad: ${reason}` })
  // What came in between would run before it.
  if (await isUnderWay(journal, name, id)) {
    await journal.cancel(id, 'a newer deployment is under way')
    log.warn(`${name} is not brought back: a newer deployment is under way.`)
    return
  }
  log.warn(`${name} goes back to the release before (${id}): ${reason}.`)
  wake()
}

/** Whether one of the app waits or runs; of those before `id`. */
async function isUnderWay(journal: Pick<Journal, 'deployments'>, app: string, id?: string): Promise<boolean> {
  const found = await journal.deployments({ app, ...(id === undefined ? {} : { before: id }) })
  return found.some(({ endedAt }) => endedAt === null)
}
