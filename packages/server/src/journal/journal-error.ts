import type { DeployErrorOptions } from '@fairway/core'
import { DeployError } from '@fairway/core/basics'

export type JournalErrorCode = 'journal_unavailable' | 'not_found'

/** An expected failure of the journal. */
export function journalError(
  code: JournalErrorCode,
  message: string,
  options?: DeployErrorOptions,
): DeployError {
  return new DeployError(code, message, options)
}
