import type { DeployErrorCode } from '../../errors.ts'
import type { Place } from './place.ts'

/** What to tell of a failure that is known by git's, curl's or ssh's own words. */
export interface Failure {
  /** What was said, line by line as git prints it, without what the remote said itself. */
  readonly when: RegExp
  readonly code: DeployErrorCode
  readonly text: (place: Place, found: RegExpExecArray) => string
  readonly hint: (place: Place, found: RegExpExecArray) => string
}
