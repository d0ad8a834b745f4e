import type { Logger } from '@fairway/core'
import { Logger as TsLogger } from 'tslog'
import { formatJson, formatText, type Level } from './format.ts'
import { openLogFile } from './log-file.ts'
import { redactor } from './redact.ts'
import { writeToStderr } from './stderr.ts'

export interface LoggerOptions {
  readonly format: 'text' | 'json'
  /** Absolute path; null: console only. */
  readonly logFile: string | null
  /** Masked wherever they stand. */
  readonly secrets: readonly string[]
  /** Given one line, or several that belong together; default: stderr. */
  readonly console?: (lines: string) => void
  readonly now?: () => Date
}

export interface ServerLogger extends Logger {
  /** In `json` a line of its own, with these fields; in `text` nothing, where messages tell the same story. */
  event(fields: { readonly message: string } & Readonly<Record<string, unknown>>): void
  /** What is logged while `say` runs goes out in one write, as what belongs together and costs little so. */
  together(say: () => void): void
  /** Ends the log: what comes later is dropped. */
  close(): void
}

/** The log on the console and in `logFile`. Throws `ConfigError` where that file can't be opened. */
export function createLogger({
  format,
  logFile,
  secrets,
  console = writeToStderr,
  now = () => new Date(),
}: LoggerOptions): ServerLogger {
  const show = format === 'json' ? formatJson : formatText
  const clean = redactor(secrets)
  const onFailure = (message: string): void => console(show({ time: now(), level: 'ERROR', message }, clean))
  const append = logFile === null ? undefined : openLogFile(logFile, onFailure)
  let batch: string[] | undefined
  const write = (text: string): void => {
    console(text)
    append?.(text)
  }

  const log = new TsLogger<Said>({
    type: 'hidden',
    minLevel: 'DEBUG',
    stack: { capture: 'off' },
    clock: now,
    strictConfig: true,
  })
  const detach = log.attachTransport({
    name: 'fairway',
    format: ({ message, fields, _logMeta: meta }) => {
      const entry = { time: meta?.date ?? now(), level: levels[meta?.logLevelName ?? ''] ?? 'INFO', message }
      return show(fields === undefined ? entry : { ...entry, fields }, clean)
    },
    write(_record, line) {
      if (batch) batch.push(line)
      else write(line)
    },
  })
  return {
    debug: (message) => void log.debug({ message }),
    info: (message) => void log.info({ message }),
    warn: (message) => void log.warn({ message }),
    error: (message) => void log.error({ message }),
    event({ message, ...fields }) {
      if (format === 'json') log.info({ message, fields })
    },
    together(say) {
      if (batch) return say()
      const lines: string[] = (batch = [])
      try {
        say()
      } finally {
        batch = undefined
        if (lines.length > 0) write(lines.join('\n'))
      }
    },
    close: detach,
  }
}

/** What tslog is given for each call. */
interface Said {
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
}

/** tslog's names of levels to Python's. */
const levels: Readonly<Record<string, Level>> = {
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARNING',
  ERROR: 'ERROR',
}
