import type { Logger } from '@fairway/core'

/** A log that tells two. */
export function bothLogs(one: Logger, other: Logger): Logger {
  const both =
    (level: keyof Logger) =>
    (message: string): void => {
      one[level](message)
      other[level](message)
    }
  return { debug: both('debug'), info: both('info'), warn: both('warn'), error: both('error') }
}
