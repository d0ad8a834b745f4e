import type { DatabaseSync } from 'node:sqlite'

/** Copies the write-ahead log into the file when nothing was written for a while; call it after each write. */
export function idleCheckpoint(database: DatabaseSync, quiet = 1_000): () => void {
  let timer: NodeJS.Timeout | undefined
  const checkpoint = (): void => {
    if (!database.isOpen) return
    try {
      database.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // Nothing is lost by it, and the next write meets the same trouble and says so.
    }
  }
  return () => {
    timer = timer?.refresh() ?? setTimeout(checkpoint, quiet).unref()
  }
}
