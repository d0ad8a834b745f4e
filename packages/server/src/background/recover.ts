import type { Logger } from '@fairway/core'
import { isAlive } from '@fairway/core/basics'
import type { Journal } from '../journal/journal.ts'

/** One that is interrupted so often interrupts whoever runs it. */
const maxAttempts = 10

/** Puts what dead processes left unfinished back into the queue, and says so; gives whether there was any. */
export async function recover(journal: Pick<Journal, 'recover'>, log: Logger): Promise<boolean> {
  const touched = await journal.recover(isAlive, maxAttempts)
  for (const { id, app, status, attempt, reason } of touched) {
    if (status === 'interrupted') {
      log.warn(`Deployment ${id} of ${app} was interrupted; it is taken up again, as attempt ${attempt + 1}.`)
    } else {
      log.warn(`Deployment ${id} of ${app} was interrupted; it ends as ${status}: ${reason ?? 'no reason'}`)
    }
  }
  return touched.some(({ status }) => status === 'interrupted')
}
