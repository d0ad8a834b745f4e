import type { Clock } from '@fairway/core'

/** Random ids that begin with the time (UUID version 7): in an index, new ones stand beside each other, which is cheaper to store. */
export function timeOrderedId(clock: Clock): () => string {
  return () => {
    const time = clock.now().getTime().toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${crypto.randomUUID().slice(15)}`
  }
}
