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

// What a deployment would do
export { planApp } from './plan-app.ts'
export type { Outlook, PlanAppOptions } from './plan-app.ts'

// Whether what was deployed stays well
export { watchApp } from './watch-app.ts'
export type { WatchAppOptions, Watched } from './watch-app.ts'

// What must not be deployed
export { findWayBack } from './find-way-back.ts'
export type { FindWayBackOptions } from './find-way-back.ts'
export { holdApp, unholdApp } from './hold-app.ts'
export type { HoldAppOptions, UnholdAppOptions } from './hold-app.ts'
export { contentsOf, describeHeld, describeHold, findHeld } from './decisions/hold-content.ts'
export { chooseRelease } from './decisions/choose-release.ts'
export type { ReleaseChoice } from './decisions/choose-release.ts'

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
export { checkDisk } from './steps/check-disk.ts'
export type { CheckDiskOptions } from './steps/check-disk.ts'
export { refuseItself, refuseOwnCheckout } from './steps/refuse-itself.ts'
export { onFailureHooks, runHooks } from './steps/run-hooks.ts'
export type { HookContext, RunHooksOptions } from './steps/run-hooks.ts'
export { migrate } from './steps/migrate.ts'
export type { MigrateOptions } from './steps/migrate.ts'
export { lockProject } from './steps/lock-project.ts'
export type { LockProjectOptions } from './steps/lock-project.ts'
export { makePlan } from './steps/make-plan.ts'
export type { MakePlanOptions, PlanBasis, Planned } from './steps/make-plan.ts'
export { buildImages } from './steps/build-images.ts'
export type { BuildImagesOptions, PlanContext } from './steps/build-images.ts'
export { applyPlan } from './steps/apply-plan.ts'
export type { ApplyPlanOptions } from './steps/apply-plan.ts'
export { waitHealthy } from './steps/wait-healthy.ts'
export type { WaitHealthyOptions } from './steps/wait-healthy.ts'
export { recordDeployed } from './steps/record-deployed.ts'
export { keepRelease } from './steps/keep-release.ts'
export type { KeepReleaseOptions } from './steps/keep-release.ts'
export { prune } from './steps/prune.ts'
export type { PruneOptions } from './steps/prune.ts'
export { refuseHeld } from './steps/refuse-held.ts'
export type { Looked, RefuseHeldOptions } from './steps/refuse-held.ts'
export { goBack } from './steps/go-back.ts'
export type { GoBackOptions, WentBack } from './steps/go-back.ts'
export { holdLeft } from './steps/hold-left.ts'
export { rollBack } from './steps/roll-back.ts'
export type { RollBackOptions } from './steps/roll-back.ts'

// Decisions
export { matchesSignature } from './decisions/matches-signature.ts'
export { parsePayload } from './decisions/parse-payload.ts'
export { describePayload, readPush } from './decisions/read-push.ts'
export type { ReadPush } from './decisions/read-push.ts'
export { resolveApps } from './decisions/resolve-apps.ts'
export type { ResolveAppsInput, ResolvedApps } from './decisions/resolve-apps.ts'
export { decideRebuild } from './decisions/decide-rebuild.ts'
export type { RebuildInput } from './decisions/decide-rebuild.ts'
export { planDeployment } from './decisions/plan-deployment.ts'
export type { DesiredService, PlanInput } from './decisions/plan-deployment.ts'
export { composeArgs } from './decisions/compose-args.ts'
export { projectName, selectProject } from './decisions/select-project.ts'
export { isOlder } from './decisions/is-older.ts'
export { keepsAll } from './decisions/keeps-all.ts'
export { nearest } from './decisions/nearest.ts'
export { globProblem } from './decisions/match-paths.ts'
export { composeHoles, gitHoles } from './decisions/known-holes.ts'
export type { Holes } from './decisions/known-holes.ts'
export { parseEnv } from './decisions/parse-env.ts'
export { parseProbe } from './decisions/parse-probe.ts'
export type { ProbeTarget } from './decisions/parse-probe.ts'
export { judgeHealth } from './decisions/judge-health.ts'
export type { HealthInput, HealthJudgement, Seen, ServiceHealth } from './decisions/judge-health.ts'

// Domain
export { appDefaults, defineApp } from './domain/app.ts'
export type { App, AppOptions, Hooks } from './domain/app.ts'
export type { Container } from './domain/container.ts'
export type { Image } from './domain/image.ts'
export type { Leftover } from './domain/leftover.ts'
export type { Delivery, Secret } from './domain/delivery.ts'
export type { Action, Plan, ServicePlan } from './domain/plan.ts'
export type { Build, Dependency, Project, Service } from './domain/project.ts'
export type { FoundProject } from './project/read-project.ts'
export type { Deployment } from './project/bring-back.ts'
export type { WayBack } from './project/way-back.ts'
export type { LeftBehind } from './project/left-behind.ts'
export type { Pull } from './domain/pull.ts'
export type { ManualDeploy, Push, RollbackRequest } from './domain/push.ts'
export type { Rebuild, RebuildRules } from './domain/rebuild.ts'
export type { Content, HeldContent, Holds, Release, ReleasedService } from './domain/release.ts'
export type { DeployedState, ServiceState } from './domain/state.ts'

// Executors
export type { Clock } from './executors/clock.ts'
export type { Commands, HookCommand } from './executors/commands.ts'
export type { Compose, ReadingCall, UpOptions } from './executors/compose.ts'
export type { Engine } from './executors/engine.ts'
export type { Environment } from './executors/environment.ts'
export type { Files } from './executors/files.ts'
export type {
  Checkout,
  CommitMessage,
  Described,
  Git,
  Head,
  KeptEdits,
  Tip,
  Unsupported,
} from './executors/git.ts'
export type { Held, Holder, Lock, Locks, Taken } from './executors/locks.ts'
export { composeCli } from './executors/compose-cli.ts'
export type { ComposeCliOptions } from './executors/compose-cli.ts'
export { dockerEngine } from './executors/docker-engine.ts'
export { fileLocks } from './executors/file-locks.ts'
export { lockHolder } from './executors/file-locks/lock-holder.ts'
export type { Folders } from './executors/folders.ts'
export { temporaryFolders } from './executors/temporary-folders.ts'
export { nodeFiles } from './executors/node-files.ts'
export { runCommand } from './executors/process.ts'
export type { Command, CommandResult } from './executors/process.ts'
export type { Probe, ProbeAnswer, ProbeQuestion } from './executors/probe.ts'
export { hostCommands } from './executors/host-commands.ts'
export { networkProbe } from './executors/network-probe.ts'
export { identify, isAlive } from './executors/process-group.ts'
export type { ProcessId } from './executors/process-group.ts'
export { simpleGit } from './executors/simple-git.ts'
export { isRefName } from './executors/git/ref-name.ts'
export { systemClock } from './executors/system-clock.ts'
