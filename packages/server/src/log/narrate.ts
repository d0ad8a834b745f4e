import type { Logger, RunEvent } from '@fairway/core'
import type { Claim } from '../journal/journal.ts'
import type { Receipt } from '@fairway/core/webhook'
import type { ServerLogger } from './create-logger.ts'

type Format = 'text' | 'json'

/** The log that steps tell their story to: in `json` only warnings and errors of it, as events say the rest. */
export function narrator(logger: ServerLogger, format: Format): Logger {
  if (format === 'text') return logger
  const silent = (): void => {}
  return {
    debug: silent,
    info: silent,
    warn: (text) => logger.warn(text),
    error: (text) => logger.error(text),
  }
}

/** One line per step; in `json` also one per verified delivery. */
export function recordEvents(
  logger: ServerLogger,
  format: Format,
): {
  readonly delivery: (receipt: Receipt) => void
  readonly step: (claim: Claim, event: RunEvent) => void
} {
  return {
    delivery({ id, event, deployments, duplicate, skipped }) {
      const reason = skipped === undefined ? {} : { skipped }
      logger.event({ message: 'delivery', delivery: id, event, deployments, duplicate, ...reason })
    },
    step({ deployment: { id, app } }, event) {
      if (event.type !== 'step-ended') return
      const { step, status, durationMs } = event
      if (format === 'text') logger.info(`${app}: ${step} ${status} (${(durationMs / 1000).toFixed(1)} s)`)
      logger.event({ message: 'step', deployment: id, app, step, status, durationMs: Math.round(durationMs) })
    },
  }
}
