import { journalError } from '../journal-error.ts'

/** A row whose checksum isn't that of its content. */
export function damagedRow(what: string, id: string, file: string): Error {
  return journalError('journal_unavailable', `The record of ${what} ${id} in ${file} is damaged`, {
    hint: 'Restart the server: where it matters, it moves the file aside and begins a new one.',
  })
}
