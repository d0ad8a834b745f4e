import {
  type Config,
  type Journal,
  journalError,
  placeIn,
  sizeOf,
  sqliteJournal,
  wasMade,
} from '@fairway/server'
import { logTo, type Terminal } from '../terminal.ts'

/** Whether anything was ever deployed with this data directory. */
export function hasJournal({ server: { dataDir } }: Config): boolean {
  const place = placeIn(dataDir)
  return sizeOf(place.file) !== undefined || wasMade(place)
}

/** Opens the journal in the data directory for as long as `use` takes; made where there is none yet. */
export async function withJournal<T>(
  { server: { dataDir } }: Config,
  terminal: Terminal,
  use: (journal: Journal) => Promise<T>,
): Promise<T> {
  const journal = sqliteJournal({ directory: dataDir, log: logTo(terminal) })
  try {
    if (journal.damage !== undefined) {
      throw journalError('journal_unavailable', journal.damage, {
        hint: 'Restart the server: it looks for what was missed.',
      })
    }
    return await use(journal)
  } finally {
    await journal.close()
  }
}

/** Said where there is no journal yet. */
export const nothingYet = 'Nothing was deployed here yet.'
