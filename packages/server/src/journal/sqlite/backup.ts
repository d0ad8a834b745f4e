import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { besides } from './place.ts'
import { journalError } from '../journal-error.ts'
import { connect } from './connect.ts'
import { markCopy } from './copy-mark.ts'
import { loadSqlite } from './load-sqlite.ts'
import { inWords } from './storage-error.ts'

/** Writes a consistent copy of a journal, while others write to it. */
export async function backUp(from: string, to: string): Promise<void> {
  claim(to)
  try {
    await copy(from, to)
    const opened = connect(to)
    try {
      markCopy(opened)
    } finally {
      opened.close()
    }
    sync(to)
  } catch (error) {
    for (const suffix of ['', '-journal', ...besides]) rmSync(to + suffix, { force: true })
    throw inWords(error, to)
  }
}

async function copy(from: string, to: string): Promise<void> {
  const { backup, DatabaseSync: Database } = loadSqlite()
  // A connection of its own, off the main thread, that sees one moment; all pages in one go, as anything written in between makes it start over.
  const source = new Database(from, { readOnly: true })
  try {
    await backup(source, to, { rate: 2 ** 30 })
  } finally {
    source.close()
  }
}

function claim(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      throw journalError('journal_unavailable', `Cannot write a copy to ${file}: it is there already`, {
        hint: 'Name a file that is not there yet, or move that one away.',
      })
    }
    throw journalError('journal_unavailable', `Cannot write a copy to ${file}: ${code ?? String(error)}`, {
      hint: 'Name a file in a folder that exists and that this user may write to.',
      cause: error,
    })
  }
}

function sync(file: string): void {
  const opened = openSync(file, 'r+')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
