import type { Config, Journal } from '@fairway/server'
import { accessError, placeIn, sizeOf, sqliteJournal, wasMade } from '@fairway/server/journal'
import { logTo, type Terminal } from '../terminal.ts'

/** Whether anything was ever deployed with this data directory. */
export function hasJournal({ server: { dataDir } }: Config): boolean {
  const place = placeIn(dataDir)
  try {
    return sizeOf(place.file) !== undefined || wasMade(place)
  } catch (error) {
    throw accessError(error, place.file)
  }
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

/** Said of deployments where there are none yet. */
export const nothingYet = 'Nothing was deployed here yet.'

/** Said of deliveries where there are none yet. */
export const noDeliveryYet = 'No delivery came in yet.'
