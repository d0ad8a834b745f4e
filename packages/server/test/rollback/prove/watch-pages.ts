import { setTimeout as delay } from 'node:timers/promises'
import { served } from '../../faults/support/app.ts'

/** From when on a page was seen; undefined: nothing answered. */
export interface Seen {
  readonly at: number
  readonly page: string | undefined
}

export interface PageWatch {
  /** Ends it; gives each change that was seen, the first look before all. */
  stop(): Promise<readonly Seen[]>
}

/** Asks a port for its page again and again. Times are those of Date.now(). */
export function watchPages(port: number): PageWatch {
  const seen: Seen[] = []
  let isOver = false
  const look = async (): Promise<void> => {
    const page = await served(port)
    if (seen.length === 0 || seen.at(-1)?.page !== page) seen.push({ at: Date.now(), page })
  }
  const watching = (async () => {
    for (; !isOver; await delay(30)) await look()
    await look()
  })()
  return {
    async stop() {
      isOver = true
      await watching
      return seen
    },
  }
}

/** Since when nothing but these pages has been there; undefined where another one was seen last. */
export function servingSince(seen: readonly Seen[], pages: readonly string[]): number | undefined {
  const isOther = ({ page }: Seen): boolean => page === undefined || !pages.includes(page)
  return seen[seen.findLastIndex(isOther) + 1]?.at
}
