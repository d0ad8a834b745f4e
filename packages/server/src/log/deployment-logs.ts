import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Logger } from '@fairway/core'
import { systemClock } from '@fairway/core/basics'
import { journalError } from '../journal/journal-error.ts'
import { appendable } from './appendable.ts'
import { formatOutput, formatText, type Level } from './format.ts'
import { pruneFolder } from './prune-folder.ts'
import { readLines, type ReadLines } from './read-lines.ts'
import { redact as maskNothing } from './redact.ts'

export interface DeploymentLogsOptions {
  /** The data directory; the logs lie in `logs` below it. */
  readonly directory: string
  readonly clock?: Clock
  /** Makes text harmless and masks secrets in it. Default: harmless alone. */
  readonly redact?: (text: string) => string
  /** Told, once for each log, that it can't be written. */
  readonly onFailure?: (message: string) => void
  /** Bytes of output that one log takes. */
  readonly limit?: number
}

/** One text file for each deployment, with all that was said and printed while it ran. */
export interface DeploymentLogs {
  /** Opens a deployment's log to go on with it; whatever fails there never fails the deployment. */
  open(id: string): DeploymentLog
  /** Whole lines from a byte on, and the byte to go on from; undefined where there is no such log (yet). */
  read(id: string, from?: number): Promise<ReadLines | undefined>
  remove(ids: readonly string[]): Promise<void>
  /** Removes those that nobody wrote to for so many milliseconds; gives how many. */
  prune(age: number): Promise<number>
}

export interface DeploymentLog {
  readonly log: Logger
  /** A line that a command printed. */
  output(line: string): void
  close(): void
}

const defaultLimit = 5 * 1024 ** 2

/** The logs of one data directory. Each line is in the file by the time that it is said. */
export function deploymentLogs({
  directory,
  clock = systemClock(),
  redact = (text) => maskNothing(text, []),
  onFailure = () => {},
  limit = defaultLimit,
}: DeploymentLogsOptions): DeploymentLogs {
  const folder = join(directory, 'logs')
  const pathOf = (id: string): string => join(folder, `${assertId(id)}.log`)

  return {
    open(id) {
      const file = appendable(pathOf(id), (why) =>
        onFailure(`Cannot write the log of deployment ${id}: ${why}. The deployment goes on without it.`),
      )
      let full = file.size() >= limit
      const say = (level: Level, message: string): void =>
        file.append(formatText({ time: clock.now(), level, message }, redact))
      return {
        log: {
          debug: (message) => say('DEBUG', message),
          info: (message) => say('INFO', message),
          warn: (message) => say('WARNING', message),
          error: (message) => say('ERROR', message),
        },
        output(line) {
          if (full) return
          file.append(formatOutput({ time: clock.now(), line }, redact))
          full = file.size() >= limit
          // What the steps themselves say goes on: it is little, and tells how it ended.
          if (full)
            say(
              'WARNING',
              `This log has reached ${size(limit)}: what commands print is left out from here on.`,
            )
        },
        close: () => file.close(),
      }
    },
    read: (id, from = 0) => (isId(id) ? readLines(pathOf(id), from) : Promise.resolve(undefined)),
    async remove(ids) {
      await Promise.all(ids.map((id) => rm(pathOf(id), { force: true })))
    },
    prune: (age) => pruneFolder(folder, clock.now().getTime() - age),
  }
}

/** Ids come from the journal, but also from whoever asks for a log: nothing else may become a path. */
function assertId(id: string): string {
  if (isId(id)) return id
  throw journalError('not_found', 'That is no id of a deployment', {
    hint: '`fairway deployments` lists them.',
  })
}

function isId(id: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(id)
}

function size(bytes: number): string {
  return bytes < 1024 ** 2 ? `${bytes} bytes` : `${bytes / 1024 ** 2} MB`
}
