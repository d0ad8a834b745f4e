import type { Config, Journal } from '@fairway/server'
import { placeIn, sizeOf, sqliteJournal, wasMade } from '@fairway/server/journal'
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
  // Only the server mends a damaged one, as it then looks for what was missed.
  const journal = sqliteJournal({ directory: dataDir, log: logTo(terminal), mend: false })
  try {
    return await use(journal)
  } finally {
    await journal.close()
  }
}

/** Said where there is no journal yet. */
export const nothingYet = 'Nothing was deployed here yet.'
