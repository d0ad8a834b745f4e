/**
 * Looking at apps as the server sees them, without a server; `@fairway/server` exports it, too.
 *
 * @module @fairway/server/apps
 */

export { realExecutors } from './executors.ts'
export { followBranches } from './follow-branches.ts'
export { learnSecrets } from './learn-secrets.ts'
export { planRecord } from './plan-record.ts'
