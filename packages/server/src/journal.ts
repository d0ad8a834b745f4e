/**
 * The journal and the logs of deployments, for who reads them or asks for something beside a server; `@fairway/server` exports it, too.
 *
 * @module @fairway/server/journal
 */

export { recover } from './background/recover.ts'
export { accessError } from './journal/access-error.ts'
export { journalError } from './journal/journal-error.ts'
export { sqliteJournal } from './journal/sqlite-journal.ts'
export { placeIn, sizeOf, wasMade } from './journal/sqlite/place.ts'
export { deploymentLogs } from './log/deployment-logs.ts'
export { redact } from './log/redact.ts'
