import {
  type App,
  applyPlan,
  buildImages,
  checkDisk,
  type Container,
  type Delivery,
  gitPull,
  goBack,
  holdLeft,
  keepRelease,
  type LeftBehind,
  lockCheckout,
  lockProject,
  makePlan,
  migrate,
  onFailureHooks,
  pipeline,
  type Pipeline,
  type Plan,
  type PlanContext,
  type Project,
  prune,
  type Pull,
  type Push,
  recordDeployed,
  refuseHeld,
  refuseItself,
  refuseOwnCheckout,
  type Release,
  resolveRepo,
  type ResolveRepoOptions,
  rollBack,
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

/** What a deployment walks through, as its push asks; the server and the command line use this same one. */
export function deployPipeline(
  executors: Executors,
  manners: DeployManners,
  { push, watch }: { readonly push?: Push; readonly watch?: PlanWatch } = {},
): DeployPipeline {
  const parts = { executors, watch, manners: withDefaults(manners) }
  return push?.manual?.rollback ? wayBack(parts) : wayForward(parts)
}

interface Parts {
  readonly executors: Executors
  readonly manners: DeployManners & Required<Pick<DeployManners, 'minFree' | 'redact'>>
  readonly watch: PlanWatch | undefined
}

function withDefaults({ entry = process.argv[1], ...manners }: DeployManners): Parts['manners'] {
  return { minFree: 0, redact: (text) => text, ...manners, entry }
}

/** To what the remote has. */
function wayForward(parts: Parts): DeployPipeline {
  const { executors, watch } = parts
  const refuse = refuseHeld({ ...executors, onLooked: (at) => watch?.looked?.(at) })
  const start = lockedCheckout(parts).use(refuse).use(gitPull(executors))
  return recorded(untilHealthy(start, parts), parts)
}

/** To a release that is kept here. */
function wayBack(parts: Parts): DeployPipeline {
  const { executors } = parts
  const start = lockedCheckout(parts).use(goBack(executors))
  return recorded(untilHealthy(start, parts).use(holdLeft(executors)), parts)
}

function lockedCheckout({ executors, manners }: Parts): Pipeline<DeployInput, DeployInput> {
  return pipeline<DeployInput>()
    .use(lockCheckout({ ...executors, ...manners }))
    .use(refuseOwnCheckout({ ...executors, entry: manners.entry }))
}

type Moved = DeployInput & { readonly pull: Pull; readonly release?: Release; readonly left?: LeftBehind }
type Healthy = Moved & Omit<Deployed, keyof Moved> & PlanContext

function untilHealthy(
  start: Pipeline<DeployInput, Moved>,
  { executors, manners, watch }: Parts,
): Pipeline<DeployInput, Healthy> {
  const plan = makePlan({ ...executors, patience })
  return start
    .use(lockProject({ ...executors, ...manners }))
    .use(watch ? watchPlan(plan, { ...executors, watch }) : plan)
    .use(refuseItself(executors))
    .use(checkDisk({ ...executors, minFree: manners.minFree }))
    .use(buildImages({ ...executors, patience }))
    .use(runHooks({ ...executors, when: 'beforeUp' }))
    .use(migrate({ ...executors, patience }))
    .use(applyPlan({ ...executors, patience }))
    .use(waitHealthy({ ...executors, patience }))
    .use(runHooks({ ...executors, when: 'afterUp' }))
}

function recorded(healthy: Pipeline<DeployInput, Healthy>, { executors, manners }: Parts): DeployPipeline {
  return healthy
    .use(keepRelease(executors))
    .use(recordDeployed(executors))
    .use(prune(executors))
    .rescue('rollBack', rollBack({ ...executors, ...manners, patience }))
    .rescue('onFailure', onFailureHooks({ ...executors, redact: manners.redact }))
}
