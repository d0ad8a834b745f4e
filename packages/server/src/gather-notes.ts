import type { Clock } from '@fairway/core'

/** Notes of how far something is. Nobody waits for one alone, as each would cost an answer of the disk. */
export interface Notes {
  /** Written with others of this moment: together they cost one commit. */
  add(write: () => Promise<unknown>): void
  /** Has those that wait written now; resolves when all are. */
  flush(): Promise<void>
}

/** Milliseconds that a note waits for others. */
const pause = 200

/** `write` must not reject: it tells itself that a note was not stored. */
export function gatherNotes(clock: Clock): Notes {
  let waiting: (() => Promise<unknown>)[] = []
  let written: readonly Promise<unknown>[] = []
  let pausing: AbortController | undefined
  const write = (): void => {
    pausing?.abort()
    pausing = undefined
    const notes = waiting
    waiting = []
    // Begun in one turn of the event loop, they share a transaction.
    written = [Promise.all([...written, ...notes.map((note) => note())])]
  }
  return {
    add(note) {
      waiting.push(note)
      if (pausing) return
      pausing = new AbortController()
      // Broken off when they are written before.
      clock.sleep(pause, pausing.signal).then(write, () => {})
    },
    async flush() {
      if (waiting.length > 0) write()
      await Promise.all(written)
    },
  }
}
