import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { shellWord } from '@fairway/core/basics'
import { journalError, placeIn } from '@fairway/server/journal'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { hasJournal, nothingYet, withJournal } from '../journal/open.ts'
import { readConfig } from '../read-config.ts'
import type { Terminal } from '../terminal.ts'

/** Writes a consistent copy of the journal to a new file, while the server runs. */
export async function backup(
  given: string,
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<number> {
  const config = await readConfig(options, terminal)
  const to = resolve(terminal.directory, given)
  if (existsSync(to)) throw new UsageError(`${to} is there already: name a file that isn't`)
  const { file } = placeIn(config.server.dataDir)
  if (!hasJournal(config)) {
    throw journalError('journal_unavailable', `There is no journal ${file} to copy: ${nothingYet}`)
  }
  await withJournal(config, terminal, (journal) => journal.backup(to))
  terminal.stderr.write(
    `Copied the journal to ${to}\nTo restore it: stop the server, cp ${shellWord(to)} ${shellWord(file)}, start the server.\n`,
  )
  return exitCodes.done
}
