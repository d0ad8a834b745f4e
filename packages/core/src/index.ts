/**
 * Steps that take a git push to a running Docker Compose app, the pipeline that puts them in order, the decisions behind them, and
 * the executors that touch the world.
 *
 * @module @fairway/core
 */

// Pipeline
export { pipeline } from './pipeline.ts'
export type { Failed, Outcome, Pipeline, Rescue, RunEvent, RunOptions, With } from './pipeline.ts'
export { isSkip, skip, step } from './step.ts'
export type { MaybePromise, NotArray, Skip, Step } from './step.ts'
export type { Call, Children, Logger, Run, Status } from './run.ts'
export { DeployError, describeError, isDeployError } from './errors.ts'
export type { DeployErrorCode, DeployErrorOptions } from './errors.ts'
export { shellWord } from './shell-word.ts'
export { cleanText, pythonList } from './text.ts'

// Steps
export { verifySignature } from './steps/verify-signature.ts'
export type { Verified, VerifySignatureOptions } from './steps/verify-signature.ts'
export { resolveRepo } from './steps/resolve-repo.ts'
export type { ResolveRepoOptions } from './steps/resolve-repo.ts'
export { lockCheckout } from './steps/lock-checkout.ts'
export { gitPull } from './steps/git-pull.ts'
export type { GitPullOptions } from './steps/git-pull.ts'
export { shouldRebuild } from './steps/should-rebuild.ts'
export type { ShouldRebuildOptions } from './steps/should-rebuild.ts'
export { composeUp } from './steps/compose-up.ts'
export type { ComposeUpOptions } from './steps/compose-up.ts'
export { waitHealthy } from './steps/wait-healthy.ts'
export { recordDeployed } from './steps/record-deployed.ts'

// Decisions
export { matchesSignature } from './decisions/matches-signature.ts'
export { parsePayload } from './decisions/parse-payload.ts'
export { describePayload, readPush } from './decisions/read-push.ts'
export type { ReadPush } from './decisions/read-push.ts'
export { resolveApps } from './decisions/resolve-apps.ts'
export type { ResolveAppsInput, ResolvedApps } from './decisions/resolve-apps.ts'
export { decideRebuild } from './decisions/decide-rebuild.ts'
export type { RebuildInput } from './decisions/decide-rebuild.ts'
export { composeArgs } from './decisions/compose-args.ts'
export { projectName, selectProject } from './decisions/select-project.ts'
export { isOlder } from './decisions/is-older.ts'
export { composeHoles, gitHoles } from './decisions/known-holes.ts'
export type { Holes } from './decisions/known-holes.ts'
export { parseEnv } from './decisions/parse-env.ts'
export { judgeHealth } from './decisions/judge-health.ts'
export type { HealthInput, HealthJudgement, Seen, ServiceHealth } from './decisions/judge-health.ts'

// Domain
export { appDefaults, defineApp } from './domain/app.ts'
export type { App, AppOptions } from './domain/app.ts'
export type { Container } from './domain/container.ts'
export type { Leftover } from './domain/leftover.ts'
export type { Delivery, Secret } from './domain/delivery.ts'
export type { Build, Project, Service } from './domain/project.ts'
export type { Pull } from './domain/pull.ts'
export type { ManualDeploy, Push } from './domain/push.ts'
export type { Rebuild, RebuildRules } from './domain/rebuild.ts'
export type { DeployedState, ServiceState } from './domain/state.ts'

// Executors
export type { Clock } from './executors/clock.ts'
export type { Compose, ReadingCall } from './executors/compose.ts'
export type { Engine } from './executors/engine.ts'
export type { Environment } from './executors/environment.ts'
export type { Files } from './executors/files.ts'
export type { Checkout, Described, Git, Head, KeptEdits, Tip, Unsupported } from './executors/git.ts'
export type { Held, Holder, Lock, Locks, Taken } from './executors/locks.ts'
export { composeCli } from './executors/compose-cli.ts'
export type { ComposeCliOptions } from './executors/compose-cli.ts'
export { dockerEngine } from './executors/docker-engine.ts'
export { fileLocks } from './executors/file-locks.ts'
export { lockHolder } from './executors/file-locks/lock-holder.ts'
export { nodeFiles } from './executors/node-files.ts'
export { runCommand } from './executors/process.ts'
export type { Command, CommandResult } from './executors/process.ts'
export { identify, isAlive } from './executors/process-group.ts'
export type { ProcessId } from './executors/process-group.ts'
export { simpleGit } from './executors/simple-git.ts'
export { isRefName } from './executors/git/ref-name.ts'
export { systemClock } from './executors/system-clock.ts'
