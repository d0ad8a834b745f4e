import type { Logger } from '@fairway/core'
import type { ServerLogger } from './create-logger.ts'
import { redact } from './redact.ts'

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
  const clean = (text: string): string => redact(text, [...known])
  const cleanFields = <Fields extends object>(fields: Fields): Fields =>
    JSON.parse(
      JSON.stringify(fields, (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value)),
    ) as Fields
  return {
    debug: (message) => logger.debug(clean(message)),
    info: (message) => logger.info(clean(message)),
    warn: (message) => logger.warn(clean(message)),
    error: (message) => logger.error(clean(message)),
    event: (fields) => logger.event?.(cleanFields(fields)),
    mask(secrets) {
      for (const secret of secrets) known.add(secret)
    },
    redact: clean,
    close: () => logger.close?.(),
  }
}
