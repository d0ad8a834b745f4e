import type { Logger } from '@fairway/core'
import { Logger as TsLogger } from 'tslog'
import { formatJson, formatText, type Level } from './format.ts'
import { gatherLines } from './gather-lines.ts'
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
  /** What is logged while `say` runs goes out in one write, with what else is logged so at this moment. */
  together(say: () => void): void
  /** Masks these too from now on. A logger without it is given nothing but what is masked. */
  mask?(secrets: readonly string[]): void
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
  let known = secrets
  let clean = redactor(known)
  const onFailure = (message: string): void => console(show({ time: now(), level: 'ERROR', message }, clean))
  const append = logFile === null ? undefined : openLogFile(logFile, onFailure)
  const lines = gatherLines((text) => {
    console(text)
    append?.(text)
  })
  let isTogether = false
  let isClosed = false
  const write = (line: string): void => {
    if (isTogether) lines.addForLater(line)
    else lines.add(line)
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
    format: ({ message, _logMeta: meta }) =>
      show({ time: meta?.date ?? now(), level: levels[meta?.logLevelName ?? ''] ?? 'INFO', message }, clean),
    write: (_record, line) => write(line),
  })
  return {
    debug: (message) => void log.debug({ message }),
    info: (message) => void log.info({ message }),
    warn: (message) => void log.warn({ message }),
    error: (message) => void log.error({ message }),
    event({ message, ...fields }) {
      // One for each delivery: it goes past tslog, which makes of it what we take apart again.
      if (format !== 'json' || isClosed) return
      lines.addForLater(formatJson({ time: now(), level: 'INFO', message, fields }, clean))
    },
    together(say) {
      if (isTogether) return say()
      isTogether = true
      try {
        say()
      } finally {
        isTogether = false
      }
    },
    mask(more) {
      known = [...new Set([...known, ...more])]
      clean = redactor(known)
    },
    close() {
      lines.flush()
      isClosed = true
      detach()
    },
  }
}

/** What tslog is given for each call. */
interface Said {
  readonly message: string
}

/** tslog's names of levels to Python's. */
const levels: Readonly<Record<string, Level>> = {
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARNING',
  ERROR: 'ERROR',
}
