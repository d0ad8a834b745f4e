import type { Config, DeploymentLogs, Journal } from '@fairway/server'
import { deploymentLogs } from '@fairway/server/journal'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { describeState, nameDeployment } from '../journal/describe.ts'
import { findDeployment } from '../journal/find.ts'
import { followDeployment } from '../journal/follow.ts'
import { hasJournal, nothingYet, withJournal } from '../journal/open.ts'
import { deploymentRecord } from '../journal/records.ts'
import { readConfig } from '../read-config.ts'
import { watchSignals } from '../signals.ts'
import { painter, type Terminal } from '../terminal.ts'

export interface LogsOptions {
  readonly config?: string
  readonly json?: boolean
  readonly follow?: boolean
}

/** Prints a deployment's log; with `follow` also what comes, until it has ended. */
export async function logs(given: string, options: LogsOptions, terminal: Terminal): Promise<number> {
  const config = await readConfig(options, terminal)
  if (!hasJournal(config)) throw new UsageError(`There is no deployment ${given}: ${nothingYet}`)
  const files = logsOf(config)
  const print = options.follow === true ? printUntilEnd : printNow
  const signals = watchSignals()
  try {
    await withJournal(config, terminal, (journal) =>
      print(given, { journal, files, terminal, signal: signals.signal, json: options.json === true }),
    )
    return exitCodes.done
  } catch (error) {
    if (signals.signal.aborted) return exitCodes.interrupted
    throw error
  } finally {
    signals.ignore()
  }
}

/** The logs of a data directory, to read. */
function logsOf({ server: { dataDir } }: Config): DeploymentLogs {
  return deploymentLogs({ directory: dataDir })
}

interface Printing {
  readonly journal: Journal
  readonly files: DeploymentLogs
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly json: boolean
}

async function printNow(given: string, { journal, files, terminal, json }: Printing): Promise<void> {
  const found = await findDeployment(journal, given)
  const read = await files.read(found.id)
  if (json) {
    const log = read?.text.split('\n').slice(0, -1) ?? []
    terminal.stdout.write(`${JSON.stringify({ ...deploymentRecord(found), log })}\n`)
  } else if (read) {
    terminal.stdout.write(read.text)
  } else {
    terminal.stderr.write(`There is no log of ${nameDeployment(found)}, which is ${found.status}.\n`)
  }
}

async function printUntilEnd(given: string, printing: Printing): Promise<void> {
  const { journal, files, terminal, signal, json } = printing
  const { stdout } = terminal
  const write = (text: string): void => void (json || stdout.write(text))
  const paint = painter(terminal, stdout)
  const { id } = await findDeployment(journal, given)
  const ended = await followDeployment(id, {
    journal,
    logs: files,
    signal,
    show: write,
    superseded: (older) => write(`${describeState(older, paint)}\n`),
  })
  write(`${describeState(ended, paint)}\n`)
  if (json) await printNow(ended.id, printing)
}
