import {
  type App,
  applyPlan,
  buildImages,
  checkDisk,
  type Container,
  type Delivery,
  gitPull,
  lockCheckout,
  lockProject,
  makePlan,
  migrate,
  onFailureHooks,
  pipeline,
  type Pipeline,
  type Plan,
  type Project,
  type Pull,
  type Push,
  recordDeployed,
  refuseItself,
  refuseOwnCheckout,
  resolveRepo,
  type ResolveRepoOptions,
  runHooks,
  type Service,
  type Verified,
  verifySignature,
  type VerifySignatureOptions,
  waitHealthy,
} from '@fairway/core'
import type { Executors } from './executors.ts'
import { type PlanWatch, watchPlan } from './watch-plan.ts'

export type Received = { delivery: Delivery; push: Push; apps: readonly App[] } & Verified
export type ReceivePipeline = Pipeline<{ delivery: Delivery }, Received>

/** What a delivery walks through inside the HTTP request. */
export function receivePipeline(options: VerifySignatureOptions & ResolveRepoOptions): ReceivePipeline {
  return pipeline<{ delivery: Delivery }>().use(verifySignature(options)).use(resolveRepo(options))
}

export interface DeployInput {
  readonly push: Push
  readonly app: App
  /** Id of the deployment's record, for its hooks. */
  readonly deployment?: string
}
export type Deployed = DeployInput & {
  readonly pull: Pull
  readonly project: Project
  readonly plan: Plan
  readonly services: readonly Service[]
  readonly containers: readonly Container[]
}
export type DeployPipeline = Pipeline<DeployInput, Deployed>

/** How a deploy takes its locks: the server waits for them, the command line doesn't. */
export interface LockManners {
  readonly wait: boolean
  /** Who holds them, for others to read. */
  readonly who: string
}

export interface DeployManners extends LockManners {
  /** Bytes that must be free before a build. Default: whatever there is. */
  readonly minFree?: number
  /** Masks secrets in what hooks are told. */
  readonly redact?: (text: string) => string
  /** The file that this process was started with: a checkout that holds it isn't replaced under it. */
  readonly entry?: string | undefined
}

/** Milliseconds that a deployment waits for a Docker engine that is down or starts anew. */
const patience = 300_000

/** What a deployment walks through; the server and the command line use this same one. */
export function deployPipeline(
  executors: Executors,
  { minFree = 0, redact = (text) => text, entry = process.argv[1], ...manners }: DeployManners,
  watch?: PlanWatch,
): DeployPipeline {
  const plan = makePlan({ ...executors, patience })
  return pipeline<DeployInput>()
    .use(lockCheckout({ ...executors, ...manners }))
    .use(refuseOwnCheckout({ ...executors, entry }))
    .use(gitPull(executors))
    .use(lockProject({ ...executors, ...manners }))
    .use(watch ? watchPlan(plan, { ...executors, watch }) : plan)
    .use(refuseItself(executors))
    .use(checkDisk({ ...executors, minFree }))
    .use(buildImages({ ...executors, patience }))
    .use(runHooks({ ...executors, when: 'beforeUp' }))
    .use(migrate({ ...executors, patience }))
    .use(applyPlan({ ...executors, patience }))
    .use(waitHealthy({ ...executors, patience }))
    .use(runHooks({ ...executors, when: 'afterUp' }))
    .use(recordDeployed(executors))
    .rescue('onFailure', onFailureHooks({ ...executors, redact }))
}
