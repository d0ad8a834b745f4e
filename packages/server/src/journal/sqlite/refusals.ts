import type { DatabaseSync } from 'node:sqlite'

export interface Refusals {
  count(why: string): void
  /** Stores what was counted since. */
  store(): Promise<void>
}

export interface RefusalsOptions {
  readonly database: DatabaseSync
  readonly write: <T>(work: () => T) => Promise<T>
  readonly now: () => string
  readonly warn: (message: string) => void
  /** Milliseconds between the first count and storing it: anyone can have requests refused, and the disk needn't notice. */
  readonly delay?: number
}

/** Counts refused deliveries, by day and reason. */
export function refusals({ database, write, now, warn, delay = 60_000 }: RefusalsOptions): Refusals {
  const add = database.prepare(
    'INSERT INTO refusals VALUES (?, ?, ?) ON CONFLICT (day, why) DO UPDATE SET count = count + excluded.count',
  )
  let counts = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  const store = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const taken = counts
    counts = new Map()
    if (taken.size === 0) return
    try {
      const day = now().slice(0, 10)
      await write(() => taken.forEach((count, why) => add.run(day, why, count)))
    } catch (error) {
      for (const [why, count] of taken) counts.set(why, (counts.get(why) ?? 0) + count)
      throw error
    }
  }

  return {
    count(why) {
      counts.set(why, (counts.get(why) ?? 0) + 1)
      timer ??= setTimeout(() => {
        store().catch((error: unknown) => warn(`Cannot count refused deliveries: ${String(error)}`))
      }, delay).unref()
    },
    store,
  }
}
