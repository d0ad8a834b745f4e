import type { App } from '../domain/app.ts'
import type { DeployedState, GoingBack } from '../domain/state.ts'
import { DeployError, type DeployErrorCode } from '../errors.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'

export interface UnfinishedWayBack {
  readonly state: DeployedState
  readonly goingBack: GoingBack
}

/** The way back that an earlier attempt of a deployment was on when it was interrupted. */
export async function unfinishedWayBack(
  { path, name }: App,
  deployment: string | undefined,
  git: Git,
  call: Call,
): Promise<UnfinishedWayBack | undefined> {
  if (deployment === undefined) return undefined
  const state = await git.readState(path, name, call)
  if (state?.goingBack?.deployment !== deployment) return undefined
  return { state, goingBack: state.goingBack }
}

/** Fails with what that attempt failed with, so that `rollBack` goes on with its way back; nothing is tried once more. */
export async function refuseUnfinished(
  app: App,
  deployment: string | undefined,
  git: Git,
  call: Call,
): Promise<void> {
  const unfinished = await unfinishedWayBack(app, deployment, git, call)
  if (!unfinished) return
  const { code, reason, services } = unfinished.goingBack
  if (code === '') throw new Error(reason)
  // As it was written by this version or another one; only told again.
  throw new DeployError(code as DeployErrorCode, reason, { services })
}
