import { setImmediate as nextTurn } from 'node:timers/promises'

/** What a measured server tells of itself when it is asked. */
export interface Usage {
  /** Microseconds of CPU since it started, of all its threads. */
  readonly cpu: number
  readonly rss: number
}

/** Tells the parent where this server listens, answers its questions, and ends when it says so or is gone. */
export function answerParent(url: string, close: () => void): void {
  process.on('message', (question) => {
    if (question === 'usage') void tellUsage()
    if (question === 'end') process.disconnect()
  })
  process.once('disconnect', close)
  process.send?.({ url })
}

async function tellUsage(): Promise<void> {
  await nextTurn()
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system, rss: process.memoryUsage.rss() } satisfies Usage)
}
