import { statSync } from 'node:fs'
import type { Clock, Logger, ProcessId } from '@fairway/core'
import { identify, systemClock } from '@fairway/core/basics'
import { journalError } from './journal-error.ts'
import type { Journal } from './journal.ts'
import { overTables } from './over-tables.ts'
import type { Rules } from './rules/rules.ts'
import { backUp } from './sqlite/backup.ts'
import { groupCommit, type WriteOptions } from './sqlite/group-commit.ts'
import { idleCheckpoint } from './sqlite/idle-checkpoint.ts'
import { knocks } from './sqlite/knock.ts'
import { open, type OpenOptions, type Opened } from './sqlite/open.ts'
import { placeIn } from './sqlite/place.ts'
import { refusals } from './sqlite/refusals.ts'
import { inWords } from './sqlite/storage-error.ts'
import { writeOnce } from './sqlite/write-once.ts'
import { timeOrderedId } from './time-ordered-id.ts'

export interface SqliteJournalOptions {
  /** Where `journal.db` lies, or will; made when it is missing. */
  readonly directory: string
  readonly clock?: Clock
  readonly newId?: () => string
  /** Whose deployments it hands out; default: this process. */
  readonly owner?: ProcessId
  readonly log?: Pick<Logger, 'warn' | 'error'>
  /** Milliseconds to wait for another process that is writing. */
  readonly patience?: number
  /** Move a damaged file aside and begin a new one, as the server does; false: refuse it, and touch nothing. Default: true. */
  readonly mend?: boolean
}

export interface SqliteJournal extends Journal {
  /** What was wrong with the journal that was found, and where it lies now: this is a new one then, and deliveries may have been missed. */
  readonly damage: string | undefined
}

/** A journal in a SQLite file. Throws a `DeployError` where it can't be used. */
export function sqliteJournal({
  directory,
  clock = systemClock(),
  newId = timeOrderedId(clock),
  owner = identify(process.pid),
  log,
  patience,
  mend = true,
}: SqliteJournalOptions): SqliteJournal {
  const place = placeIn(directory)
  const { file } = place
  const warn = (message: string): void => log?.warn(message)
  const opened = openInWords({ place, clock, warn, mend, onDamaged: tellOnce(log) })
  const { database, damage } = opened
  const { tables, kept } = writeOnce(opened.tables)
  const { ino } = statSync(file)
  let closing: Promise<void> | undefined

  const assertUsable = (): void => {
    if (!database.isOpen) throw journalError('journal_unavailable', `The journal ${file} is closed`)
    if (statSync(file, { throwIfNoEntry: false })?.ino === ino) return
    throw journalError('journal_unavailable', `${file} was removed or replaced while it was in use`, {
      hint: 'Restart the server: what it would write now, nobody would find.',
    })
  }
  const inOurWords = (error: unknown): never => {
    throw inWords(error, file)
  }
  const [checkpoint, { knock, watch, follow }] = [idleCheckpoint(database), knocks(directory)]
  const group = groupCommit({
    database,
    assertUsable,
    onStored() {
      checkpoint()
      knock()
    },
    kept,
    ...(patience === undefined ? {} : { patience }),
  })
  const write = <T>(work: () => T, options?: WriteOptions): Promise<T> =>
    group.write(work, options).catch(inOurWords)
  const read = async <T>(work: () => T): Promise<T> => {
    try {
      assertUsable()
      return work()
    } catch (error) {
      return inOurWords(error)
    }
  }
  const now = (): string => clock.now().toISOString()
  const rules: Rules = { tables, now, newId, owner }
  const refused = refusals({ database, write, now, warn })
  const version = database.prepare('PRAGMA data_version')
  const dataVersion = (): unknown => version.get()?.['data_version']
  let seen = dataVersion()
  const mark = database.prepare("INSERT OR REPLACE INTO meta VALUES ('checked', ?)")

  return {
    ...overTables({ rules, clock, write, read }),
    damage,
    refused: (why) => refused.count(why),
    watch,
    follow,
    changedByOthers() {
      const before = seen
      try {
        seen = dataVersion()
        return seen !== before
      } catch {
        // Whoever looks then is told what is wrong.
        return true
      }
    },
    backup: (to) => backUp(file, to),
    // Only what was written is known to be writable.
    check: () => write(() => void mark.run(now())),
    close: () =>
      (closing ??= refused
        .store()
        .catch((error: unknown) => warn(`Cannot count refused deliveries: ${String(error)}`))
        // What waits before it is stored first; what comes later is refused.
        .then(() => group.write(() => undefined))
        // Whoever waited has been told.
        .catch(() => undefined)
        .then(() => database.close())),
  }
}

function openInWords(options: OpenOptions): Opened {
  try {
    return open(options)
  } catch (error) {
    throw inWords(error, options.place.file)
  }
}

/** A list is read again and again; what is wrong with one of its rows is said once. */
function tellOnce(log: SqliteJournalOptions['log']): (error: Error) => void {
  const told = new Set<string>()
  return ({ message }) => {
    if (told.has(message)) return
    told.add(message)
    log?.error(`${message}; it is left out.`)
  }
}
