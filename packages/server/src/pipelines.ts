import {
  type App,
  composeUp,
  type Container,
  type Delivery,
  gitPull,
  lockCheckout,
  pipeline,
  type Pipeline,
  type Project,
  type Pull,
  type Push,
  type Rebuild,
  recordDeployed,
  resolveRepo,
  type ResolveRepoOptions,
  type Service,
  shouldRebuild,
  type Verified,
  verifySignature,
  type VerifySignatureOptions,
  waitHealthy,
} from '@fairway/core'
import type { Executors } from './executors.ts'

export type Received = { delivery: Delivery; push: Push; apps: readonly App[] } & Verified
export type ReceivePipeline = Pipeline<{ delivery: Delivery }, Received>

/** What a delivery walks through inside the HTTP request. */
export function receivePipeline(options: VerifySignatureOptions & ResolveRepoOptions): ReceivePipeline {
  return pipeline<{ delivery: Delivery }>().use(verifySignature(options)).use(resolveRepo(options))
}

export interface DeployInput {
  readonly push: Push
  readonly app: App
}
export type Deployed = DeployInput & {
  readonly pull: Pull
  readonly rebuild: Rebuild
  readonly project: Project
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

/** Milliseconds that a deployment waits for a Docker engine that is down or starts anew. */
const patience = 300_000

/** What a deployment walks through; the server and the command line use this same one. */
export function deployPipeline(executors: Executors, manners: LockManners): DeployPipeline {
  return pipeline<DeployInput>()
    .use(lockCheckout({ ...executors, ...manners }))
    .use(gitPull(executors))
    .use(shouldRebuild(executors))
    .use(composeUp({ ...executors, ...manners, patience }))
    .use(waitHealthy({ ...executors, patience }))
    .use(recordDeployed(executors))
}
