import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from 'node:fs'
import { connect } from './connect.ts'
import { migrate } from './migrate.ts'
import type { Place } from './place.ts'

/** Makes an empty journal. It appears as a whole: an empty file in its place always means that somebody emptied it. */
export function create({ directory, file, marker }: Place): void {
  const draft = `${file}.new-${process.pid}`
  rmSync(draft, { force: true })
  closeSync(openSync(draft, 'wx', 0o600))
  try {
    const database = connect(draft)
    try {
      migrate(database, draft)
    } finally {
      database.close()
    }
    linkUnlessThere(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  mark(marker)
  sync(directory)
}

/** Writes the file that tells of a journal. */
export function mark(marker: string): void {
  const opened = openSync(marker, 'w', 0o600)
  try {
    writeSync(
      opened,
      'A journal.db was made here. If it is missing or empty, that is damage and no first start.\n',
    )
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

function linkUnlessThere(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    // Another process made one at the same moment; that one counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function sync(directory: string): void {
  const opened = openSync(directory, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
