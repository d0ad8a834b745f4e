import { closeSync, type FSWatcher, openSync, utimesSync, watch } from 'node:fs'
import { join } from 'node:path'

/** Has the process that watches a journal look at once. Where nobody watches, or it can't be told, it looks by itself before long. */
export interface Knocks {
  /** Says that something was written; nothing from the process that watches. */
  readonly knock: () => void
  /** Calls the listener at each knock of another process until the returned function is called. */
  readonly watch: (listener: () => void) => () => void
}

/** An empty file in the journal's folder: touching it is the knock. */
export function knocks(directory: string): Knocks {
  const file = join(directory, 'journal.knock')
  let watching = 0
  return {
    knock() {
      if (watching > 0) return
      const now = new Date()
      try {
        utimesSync(file, now, now)
      } catch {
        // Nobody has ever watched here, or it is another user's.
      }
    },
    watch(listener) {
      let watcher: FSWatcher | undefined
      try {
        closeSync(openSync(file, 'a', 0o600))
        watcher = watch(file, { persistent: false }, listener)
        watcher.on('error', () => watcher?.close())
        watching += 1
      } catch {
        // No more watches on this machine: the looks by the clock go on.
        return () => {}
      }
      return () => {
        watcher.close()
        watching -= 1
      }
    },
  }
}
