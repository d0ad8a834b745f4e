import { mkdirSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '@fairway/core'
import { journalError } from '../journal-error.ts'
import type { Tables } from '../tables.ts'
import { connect } from './connect.ts'
import { isCopy, unmarkCopy } from './copy-mark.ts'
import { create, mark } from './create.ts'
import { examine, findDamagedRow } from './examine.ts'
import { migrate } from './migrate.ts'
import { moveAside, moveLogAside } from './move-aside.ts'
import { hasLog, type Place, sizeOf, wasMade } from './place.ts'
import { sqliteTables } from './sqlite-tables.ts'
import { isDamage } from './storage-error.ts'

export interface OpenOptions {
  readonly place: Place
  readonly clock: Clock
  /** Told of a damaged row that a list leaves out. */
  readonly onDamaged: (error: Error) => void
  readonly warn: (message: string) => void
  /** Move a damaged one aside and begin a new one, or refuse it. */
  readonly mend: boolean
}

export interface Opened {
  readonly database: DatabaseSync
  readonly tables: Tables
  /** What was wrong with the one that was found here, and where it is now. */
  readonly damage: string | undefined
}

/** Opens a journal, makes it where there is none yet, and begins a new one where it is damaged. */
export function open(options: OpenOptions): Opened {
  const { place, clock, warn } = options
  mkdirSync(place.directory, { recursive: true, mode: 0o700 })
  const lost = findLoss(place)
  if (lost !== undefined) return beginAnew(options, lost)
  if (sizeOf(place.file) === undefined) create(place)
  else if (hasLog(place) && isCopy(place.file)) {
    const aside = moveLogAside(place, clock.now())
    warn(
      `${place.file} is a copy that was put back; what lay beside it is not part of it, and lies at ${aside}-wal now`,
    )
  }
  const looked = numberOf(place)
  const found = openIntact(options)
  if ('why' in found) {
    // Another process may have found the same, and begun a new one already.
    return numberOf(place) === looked ? beginAnew(options, found.why) : open(options)
  }
  if (!wasMade(place)) mark(place.marker)
  return { ...found, damage: undefined }
}

/** Why what must be here isn't; undefined where something is, or where nothing was. */
function findLoss(place: Place): string | undefined {
  const size = sizeOf(place.file)
  if (size === undefined) return wasMade(place) || hasLog(place) ? 'is missing' : undefined
  return size === 0 ? 'is empty' : undefined
}

function numberOf({ file }: Place): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino
}

function beginAnew(options: OpenOptions, why: string): Opened {
  const { place, clock } = options
  if (!options.mend) {
    throw journalError('journal_unavailable', `The journal ${place.file} ${why}`, {
      hint: 'Start the server: it moves the file aside, begins a new one, and looks for what was missed.',
    })
  }
  const aside = moveAside(place, why, clock.now())
  create(place)
  const found = openIntact(options)
  if ('why' in found) throw new Error(`${place.file} was made anew, and it ${found.why}`)
  const rest = aside === undefined ? '' : `; what is left of the old one lies at ${aside}`
  return { ...found, damage: `The journal ${place.file} ${why}: a new one was begun${rest}` }
}

type Found = Omit<Opened, 'damage'> | { readonly why: string }

function openIntact({ place: { file }, onDamaged }: OpenOptions): Found {
  let database: DatabaseSync | undefined
  let why: string | undefined
  try {
    database = connect(file)
    why = examine(database, sizeOf(file) ?? 0) ?? prepare(database, file)
    if (why === undefined) return { database, tables: sqliteTables({ database, file, onDamaged }) }
  } catch (error) {
    if (!isDamage(error)) {
      database?.close()
      throw error
    }
    why = (error as Error).message
  }
  database?.close()
  return { why: `is damaged (${why})` }
}

/** Makes it a journal of today; gives what is wrong with it. */
function prepare(database: DatabaseSync, file: string): string | undefined {
  migrate(database, file)
  unmarkCopy(database)
  database.exec('PRAGMA journal_mode = WAL')
  // From here on nobody stands still while another process writes; they come again instead.
  database.exec('PRAGMA busy_timeout = 10')
  return findDamagedRow((onDamaged) => sqliteTables({ database, file, onDamaged }))
}
