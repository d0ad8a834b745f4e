import type { Logger } from '@fairway/core'
import type { ServerLogger } from './create-logger.ts'
import { redactor } from './redact.ts'

/** A log that learns secrets while it runs. */
export interface MaskingLogger extends ServerLogger {
  /** Masks these too from now on; what was masked before stays so. */
  readonly mask: (secrets: readonly string[]) => void
  /** The text as this log shows it, for other records that people read. */
  readonly redact: (text: string) => string
}

/** Masks secrets and escapes control characters before any logger, also one of somebody else's, sees a text. */
export function maskLogger(logger: Logger & Partial<ServerLogger>): MaskingLogger {
  const known = new Set<string>()
  let redact = redactor([])
  // One that masks by itself is told what, and not given what was cleaned already.
  const clean = (text: string): string => (logger.mask ? text : redact(text))
  return {
    debug: (message) => logger.debug(clean(message)),
    info: (message) => logger.info(clean(message)),
    warn: (message) => logger.warn(clean(message)),
    error: (message) => logger.error(clean(message)),
    event: (fields) => logger.event?.(logger.mask ? fields : cleanAll(fields, redact)),
    together: (say) => (logger.together ? logger.together(say) : say()),
    mask(secrets) {
      for (const secret of secrets) known.add(secret)
      redact = redactor([...known])
      logger.mask?.(secrets)
    },
    redact: (text) => redact(text),
    close: () => logger.close?.(),
  }
}

/** The same data, with each text in it cleaned. */
function cleanAll<Value>(value: Value, clean: (text: string) => string): Value {
  if (typeof value === 'string') return clean(value) as Value
  if (Array.isArray(value)) return value.map((item: unknown) => cleanAll(item, clean)) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [key, cleanAll(inner, clean)]),
  ) as Value
}
