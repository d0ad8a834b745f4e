/** Lines on their way out, in the order in which they were added. */
export interface Lines {
  /** Goes out at once, after what waits. */
  add(line: string): void
  /** Waits until this turn of the event loop ends, as others may come that can share one write. */
  addForLater(line: string): void
  flush(): void
}

/** Writes lines, many at once where many deliveries are answered at once. */
export function gatherLines(write: (text: string) => void): Lines {
  let waiting: string[] = []
  const flush = (): void => {
    if (waiting.length === 0) return
    const text = waiting.join('\n')
    waiting = []
    process.off('exit', flush)
    write(text)
  }
  return {
    add(line) {
      flush()
      write(line)
    },
    addForLater(line) {
      if (waiting.push(line) > 1) return
      setImmediate(flush)
      // A process that ends before that, or dies of an error, says it all the same.
      process.on('exit', flush)
    },
    flush,
  }
}
