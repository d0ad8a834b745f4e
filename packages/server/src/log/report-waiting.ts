import type { Locks } from '@fairway/core'
import type { ServerLogger } from './create-logger.ts'

/** Locks that write an event when one must be waited for, once for each holder: in `json` nothing else says so. */
export function reportWaiting(locks: Locks, logger: ServerLogger): Locks {
  const told = new Map<string, string>()
  return {
    ...locks,
    async take(what, who) {
      const answer = await locks.take(what, who)
      const key = `${what}\n${who}`
      if (answer.taken) {
        told.delete(key)
        return answer
      }
      const { who: holder, pid, since } = answer.holder
      if (told.get(key) !== `${pid} ${since}`)
        logger.event({ message: 'waiting', who, lock: what, holder, pid, since })
      told.set(key, `${pid} ${since}`)
      return answer
    },
  }
}
