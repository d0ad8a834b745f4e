import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { accessError } from '../access-error.ts'
import { journalError } from '../journal-error.ts'

/** SQLite's primary result codes, as far as they matter here. */
const codes = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  constraint: 19,
  notADatabase: 26,
} as const

/** SQLite's primary result code of an error; undefined for another one. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  // The upper bits only say more closely what it was.
  return Number(error.errcode) & 0xff
}

/** Somebody else is writing at this moment. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code === codes.busy || code === codes.locked || code === codes.protocol
}

export function isFull(error: unknown): boolean {
  return codeOf(error) === codes.full
}

/** What lies in the file makes no sense. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error)
  return code === codes.corrupt || code === codes.notADatabase
}

/** It came from what stores, not from what was to be stored. */
export function isStorageFailure(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && code !== codes.constraint && code !== 1
}

/** What went wrong, in words. Errors that came neither from SQLite nor from missing rights stay as they are. */
export function inWords(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (code === undefined) return accessError(error, file)
  const { text, hint } = words(code === codes.cannotOpen && isReadOnly(dirname(file)) ? codes.readOnly : code)
  return journalError('journal_unavailable', `Cannot use the journal ${file}: ${text}`, {
    hint,
    cause: error,
  })
}

/** SQLite can't make its files there then, and only says that it can't open them. */
function isReadOnly(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return false
  } catch {
    return true
  }
}

function words(code: number): { readonly text: string; readonly hint: string } {
  switch (code) {
    case codes.busy:
    case codes.locked:
    case codes.protocol:
      return {
        text: 'another process has been writing to it for too long',
        hint: 'See which with `fuser -v` on that file, and whether it hangs.',
      }
    case codes.readOnly:
      return { text: 'it is read-only', hint: 'Make the folder and its files writable for this user.' }
    case codes.full:
      return { text: 'the disk is full', hint: 'Free some space there; it goes on by itself then.' }
    case codes.cannotOpen:
      return { text: 'it cannot be opened', hint: 'Look who owns the folder and its files, with `ls -la`.' }
    case codes.corrupt:
    case codes.notADatabase:
      return {
        text: 'it is damaged',
        hint: 'Restart the server: it moves the file aside, begins a new one and looks what was missed.',
      }
    case codes.io:
      return { text: 'the disk cannot be read or written', hint: 'Look at the disk, and at `dmesg`.' }
    default:
      return { text: `SQLite reports error ${code}`, hint: 'Report this, with the cause below.' }
  }
}
