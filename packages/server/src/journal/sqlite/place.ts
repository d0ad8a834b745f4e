import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The files of a journal. */
export interface Place {
  readonly directory: string
  readonly file: string
  /** Tells that a journal was made here once, so that a missing one is no first start. */
  readonly marker: string
}

/** What SQLite puts beside a database. */
export const besides = ['-wal', '-shm'] as const

export function placeIn(directory: string): Place {
  return { directory, file: join(directory, 'journal.db'), marker: join(directory, 'journal.made') }
}

/** Bytes of a file; undefined where it isn't there. */
export function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size
}

/** Whether a write-ahead log with something in it lies beside the database. */
export function hasLog({ file }: Place): boolean {
  return (sizeOf(`${file}-wal`) ?? 0) > 0
}

export function wasMade({ marker }: Place): boolean {
  return existsSync(marker)
}
