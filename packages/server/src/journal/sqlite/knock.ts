import { closeSync, existsSync, type FSWatcher, openSync, utimesSync, watch as watchFile } from 'node:fs'
import { join } from 'node:path'

/** Lets processes that share a journal know of each other's writes at once. Where it can't, they look by themselves before long. */
export interface Knocks {
  /** Says that something was stored. */
  readonly knock: () => void
  /** Calls the listener, in the process that works on what the others ask for, until the returned function is called. */
  readonly watch: (listener: () => void) => () => void
  /** Calls the listener, in any other process, when the one that works has stored something. */
  readonly follow: (listener: () => void) => () => void
}

/** Two empty files in the journal's folder, made by who listens: touching one is the knock. */
export function knocks(directory: string): Knocks {
  const [asked, done] = [join(directory, 'journal.asked'), join(directory, 'journal.done')]
  let working = 0
  return {
    knock: () => touch(working > 0 ? done : asked),
    watch(listener) {
      const unlisten = listen(asked, listener)
      working += 1
      return () => {
        working -= 1
        unlisten()
      }
    },
    follow: (listener) => listen(done, listener),
  }
}

function touch(file: string): void {
  // An error costs ten times as much as this question, and where no command line ever watched, each commit would make one.
  if (!existsSync(file)) return
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // It was removed meanwhile, or the disk is read-only: who listens looks by itself before long.
  }
}

function listen(file: string, listener: () => void): () => void {
  let watcher: FSWatcher | undefined
  try {
    closeSync(openSync(file, 'a', 0o600))
    watcher = watchFile(file, { persistent: false }, listener)
    watcher.on('error', () => watcher?.close())
  } catch {
    // This machine has no more watches.
  }
  return () => watcher?.close()
}
