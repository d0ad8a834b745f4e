import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { DeployError, shellWord } from '@fairway/core/basics'
import { journalError } from './journal-error.ts'

/** A file of the data directory that this user may not use, in words; other errors stay as they are. */
export function accessError(error: unknown, file: string): unknown {
  if (error instanceof DeployError || !isDenied(error)) return error
  const { place, owner } = foreignPlace(file)
  const me = process.geteuid?.() ?? 0
  const mine = owner === me
  const whose = mine ? `${place} is closed to it` : `${place} belongs to ${userName(owner)}`
  return journalError('journal_unavailable', `Cannot use ${file} as ${userName(me)}: ${whose}`, {
    hint: mine
      ? `Run chmod u+rwX ${shellWord(place)}`
      : `Run it as ${userName(owner)}, such as with: sudo -u ${sudoName(owner)} fairway ...`,
    cause: error,
  })
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
}

/** The file, or else the deepest folder above it that this user is shown. */
function foreignPlace(file: string): { readonly place: string; readonly owner: number } {
  for (let place = file; ; place = dirname(place)) {
    try {
      return { place, owner: statSync(place).uid }
    } catch (error) {
      if (place === dirname(place)) throw error
    }
  }
}

function userName(uid: number): string {
  return knownName(uid) ?? `user ${uid}`
}

function sudoName(uid: number): string {
  return shellWord(knownName(uid) ?? `#${uid}`)
}

/** Who else is called how stands in no place that this user can always read. */
function knownName(uid: number): string | undefined {
  if (uid === process.geteuid?.()) return ownName()
  return uid === 0 ? 'root' : undefined
}

function ownName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
