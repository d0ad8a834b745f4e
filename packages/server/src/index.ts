/**
 * The server: webhook in, one queue per app, a worker that deploys.
 *
 * @module @fairway/server
 */

export { createServer } from './create-server.ts'
export type { CreateServerOptions, FairwayServer } from './create-server.ts'
export { startServer } from './start-server.ts'
export type { RunningServer, StartServerOptions } from './start-server.ts'
export type { AssembleOptions } from './assemble.ts'
export { realExecutors } from './executors.ts'
export type { Executors } from './executors.ts'
export { deployPipeline, receivePipeline } from './pipelines.ts'
export type {
  Deployed,
  DeployInput,
  DeployPipeline,
  LockManners,
  ReceivePipeline,
  Received,
} from './pipelines.ts'
export { logOutcome } from './report-outcome.ts'
export { runDeployment } from './run-deployment.ts'
export type { RunDeploymentOptions, RunningDeployment } from './running-deployment.ts'
export type { PlanWatch } from './watch-plan.ts'
export type { Rollout } from './watch-rollout.ts'
export { planRecord } from './plan-record.ts'
export { followBranches } from './follow-branches.ts'
export { recover } from './background/recover.ts'
export { watchJournal } from './background/watch-journal.ts'
export type { WatchJournalOptions } from './background/watch-journal.ts'
export { journalError } from './journal/journal-error.ts'
export { memoryJournal } from './journal/memory-journal.ts'
export { sqliteJournal } from './journal/sqlite-journal.ts'
export { placeIn, sizeOf, wasMade } from './journal/sqlite/place.ts'
export type { SqliteJournal, SqliteJournalOptions } from './journal/sqlite-journal.ts'
export type {
  Acceptance,
  Accepted,
  Claim,
  ContainerRecord,
  DeliveryRecord,
  Deployment,
  DeploymentStatus,
  Ending,
  Journal,
  Keep,
  Left,
  ListOptions,
  MadeBy,
  Received as ReceivedDelivery,
  Request as DeploymentRequest,
  StepRecord,
} from './journal/journal.ts'
export { loadConfig } from './config/load-config.ts'
export { isLoopback, serveMistakes } from './config/serve-mistakes.ts'
export { configJsonSchema } from './config/json-schema.ts'
export { explainConfig } from './config/explain/explain-config.ts'
export type { ExplainedApp, ExplainedConfig, ExplainedValue } from './config/explain/explain-config.ts'
export { configLines } from './config/explain/config-lines.ts'
export { isSecretName } from './config/explain/mask.ts'
export type { NamedVariable, Origin } from './config/explain/origin.ts'
export { configFile } from './config/config-file.ts'
export { ConfigError } from './config/config-error.ts'
export type { Mistake } from './config/config-error.ts'
export type { Config, ConfigInput } from './config/config.ts'
export { createLogger } from './log/create-logger.ts'
export { learnSecrets } from './learn-secrets.ts'
export { redact } from './log/redact.ts'
export type { ServerLogger } from './log/create-logger.ts'
export { deploymentLogs } from './log/deployment-logs.ts'
export type { DeploymentLog, DeploymentLogs, DeploymentLogsOptions } from './log/deployment-logs.ts'
