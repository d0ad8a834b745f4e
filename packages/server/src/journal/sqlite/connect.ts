import type { DatabaseSync } from 'node:sqlite'
import { loadSqlite } from './load-sqlite.ts'

/** Opens a database as a journal needs it. */
export function connect(file: string): DatabaseSync {
  const database = new (loadSqlite().DatabaseSync)(file)
  try {
    database.exec('PRAGMA busy_timeout = 5000')
    database.exec('PRAGMA synchronous = FULL')
    // Large pages and rare checkpoints: what is appended once needn't be copied often. 64 MB of pages of 8 kB, which hold a push and little else.
    database.exec('PRAGMA page_size = 8192')
    database.exec('PRAGMA wal_autocheckpoint = 8192')
    database.exec('PRAGMA journal_size_limit = 67108864')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
