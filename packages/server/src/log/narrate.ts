import type { Logger, RunEvent } from '@fairway/core'
import type { Claim } from '../journal/journal.ts'
import type { Receipt } from '../receive.ts'
import type { ServerLogger } from './create-logger.ts'

type Format = 'text' | 'json'

/** The log that steps tell their story to: in `json` only warnings and errors of it, as events say the rest. */
export function narrator(logger: ServerLogger, format: Format): Logger {
  if (format === 'text') return logger
  const silent = (): void => {}
  return { debug: silent, info: silent, warn: (text) => logger.warn(text), error: (text) => logger.error(text) }
}

/** In `json`: one line per verified delivery and per step. */
export function recordEvents(
  logger: ServerLogger,
  format: Format,
): { delivery(receipt: Receipt): void; step(claim: Claim, event: RunEvent): void } {
  if (format === 'text') return { delivery: () => {}, step: () => {} }
  return {
    delivery({ id, event, deployments, duplicate, skipped }) {
      logger.event({ message: 'delivery', delivery: id, event, deployments, duplicate, ...(skipped === undefined ? {} : { skipped }) })
    },
    step({ deployment: { id, app } }, event) {
      if (event.type !== 'step-ended') return
      const { step, status, durationMs } = event
      logger.event({ message: 'step', deployment: id, app, step, status, durationMs: Math.round(durationMs) })
    },
  }
}
