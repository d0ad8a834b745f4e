import type { DatabaseSync } from 'node:sqlite'
import { journalError } from '../journal-error.ts'
import { schemaSteps } from './schema.ts'

/** Brings a journal to the newest schema; refuses one of a newer Fairway, having changed nothing. */
export function migrate(database: DatabaseSync, file: string, steps: readonly string[] = schemaSteps): void {
  if (versionOf(database) === steps.length) return
  // Another process may be at it, too: who comes second finds it done.
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = versionOf(database)
    if (version > steps.length) throw newer(file, version, steps.length)
    for (const step of steps.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${steps.length}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}

function newer(file: string, version: number, known: number): Error {
  return journalError(
    'journal_unavailable',
    `${file} was written by a newer Fairway (schema ${version}, this one knows ${known}); nothing was changed`,
    { hint: 'Install that version again, or put back a backup of before.' },
  )
}
