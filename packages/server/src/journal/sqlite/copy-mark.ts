import { pathToFileURL } from 'node:url'
import type { DatabaseSync } from 'node:sqlite'
import { loadSqlite } from './load-sqlite.ts'

/** Marks a database as a copy that nobody has opened as a journal yet. */
export function markCopy(database: DatabaseSync): void {
  // Not as a write-ahead log: the mark must stand in the file itself, where it is seen without what lies beside it.
  database.exec('PRAGMA journal_mode = DELETE')
  database.exec("INSERT OR REPLACE INTO meta VALUES ('copy', 'yes')")
}

/** From now on it is a journal; before its write-ahead log is begun, for the same reason. */
export function unmarkCopy(database: DatabaseSync): void {
  if (isMarked(database)) database.exec("DELETE FROM meta WHERE name = 'copy'")
}

/** Whether a file, without what lies beside it, is such a copy. */
export function isCopy(file: string): boolean {
  const { DatabaseSync: Database } = loadSqlite()
  const address = pathToFileURL(file)
  // Reads neither locks nor log.
  address.searchParams.set('immutable', '1')
  try {
    const database = new Database(address, { readOnly: true })
    try {
      return isMarked(database)
    } finally {
      database.close()
    }
  } catch {
    // Damaged, or without its log incomplete: whatever it is, the next look at it says so.
    return false
  }
}

function isMarked(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM meta WHERE name = 'copy'").get() !== undefined
}
