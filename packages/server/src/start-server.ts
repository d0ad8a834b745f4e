import { chmod, mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployError, type Holder, identify, type Logger } from '@fairway/core'
import { assertServable } from './assert-servable.ts'
import { assemble, type AssembleOptions } from './assemble.ts'
import type { Config } from './config/config.ts'
import type { Executors } from './executors.ts'
import { type Answering, type Listening, listen } from './http/listen.ts'
import type { Journal } from './journal/journal.ts'
import { sqliteJournal } from './journal/sqlite-journal.ts'

/** A server that listens. */
export interface RunningServer {
  readonly url: string
  /** Goes on with another configuration; throws `ConfigError`, having changed nothing, where a server must not start with it. */
  reload(config: Config): void
  /**
   * Answers deliveries with 503 and leaves what runs to the next start, but for what replaces containers, which is waited for;
   * when `hurry` aborts, that too. Then takes no more requests.
   */
  close(hurry?: AbortSignal): Promise<void>
}

export interface StartServerOptions extends Omit<AssembleOptions, 'logsIn'> {
  /** Default: the one in the data directory. */
  readonly journal?: Journal
}

/** Starts a server on the configured address, one per data directory (`locked` when another one has it). */
export async function startServer(config: Config, options: StartServerOptions): Promise<RunningServer> {
  assertServable(config)
  const { dataDir, host, port } = config.server
  const { executors, logger } = options
  const unlock = await lockDataDirectory(dataDir, executors)
  const undo = [unlock]
  try {
    const journal = options.journal ?? openJournal(dataDir, executors, logger)
    const server = assemble(config, { ...options, journal, logsIn: dataDir })
    undo.unshift(() => server.close())
    // What was accepted before comes before what is accepted now.
    await server.ready
    const listening = await open(server, { host, port })
    undo.unshift(() => listening.close())
    const lockFile = join(dataDir, 'server.lock')
    await writeLock(lockFile, listening.url, executors)
    logger.info(`Listening on ${listening.url}`)
    const close = async (hurry?: AbortSignal): Promise<void> => {
      await server.stop(hurry)
      await listening.close()
      await server.close()
      await rm(lockFile, { force: true })
      await unlock()
    }
    let closing: Promise<void> | undefined
    return {
      url: listening.url,
      reload: (next) => server.reload(next),
      close: (hurry) => (closing ??= close(hurry)),
    }
  } catch (error) {
    for (const step of undo) await step()
    throw error
  }
}

/** What is wrong with an old journal is no reason to serve nobody, but one to look at it. */
function openJournal(dataDir: string, { clock }: Executors, log: Logger): Journal {
  const journal = sqliteJournal({ directory: dataDir, clock, log })
  if (journal.damage !== undefined) {
    log.error(
      `${journal.damage}. Which deliveries were accepted is not known any more; what the remotes have and was not deployed is looked for now.`,
    )
  }
  return journal
}

async function open(
  answering: Answering,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  try {
    return await listen(answering, { host, port })
  } catch (cause) {
    throw new DeployError(
      'address_unavailable',
      `Cannot listen on ${host}:${port}: ${(cause as Error).message}`,
      {
        hint: 'Stop what uses it, or choose another one with --host and --port',
        cause,
      },
    )
  }
}

/** For others to read; what keeps a second server away is the lock itself. Complete or not there: it is never read half. */
async function writeLock(file: string, address: string, { clock }: Executors): Promise<void> {
  const self = { ...identify(process.pid), since: clock.now().toISOString(), address }
  await writeFile(`${file}.new`, `${JSON.stringify(self)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function lockDataDirectory(dataDir: string, { locks }: Executors): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true })
  // It will hold the token and the bodies of deliveries: nobody else's to read.
  await chmod(dataDir, 0o700)
  const attempt = await locks.take(`data:${await realpath(dataDir)}`, 'fairway serve')
  if (attempt.taken) return () => attempt.lock.release()
  throw inUse(dataDir, attempt.holder)
}

function inUse(dataDir: string, { who, pid, since }: Holder): DeployError {
  return new DeployError(
    'locked',
    `Cannot start: the data directory ${dataDir} is in use by ${who} (pid ${pid}, since ${since})`,
    {
      hint: 'Stop that server, or give this one a dataDir of its own',
    },
  )
}
