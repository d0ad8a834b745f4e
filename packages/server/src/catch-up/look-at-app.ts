import type { App, Git, Tip } from '@fairway/core'
import type { Journal } from '../journal/journal.ts'
import { type CatchUp, decideCatchUp, neverDeployed } from './decide-catch-up.ts'

export interface LookAtAppOptions {
  readonly git: Git
  readonly journal: Pick<Journal, 'deployments' | 'history'>
  readonly failedByOutage: boolean
  readonly dockerCameBack: boolean
  /** Whether a way back that was not finished is to be looked for. */
  readonly finishesWayBack: boolean
  readonly signal: AbortSignal
}

/** Asks the remote of an app for its tip, and says whether that must be deployed though nobody pushed it. */
export async function lookAtApp(
  app: App,
  { git, journal, failedByOutage, dockerCameBack, finishesWayBack, signal }: LookAtAppOptions,
): Promise<CatchUp & { readonly tip?: Tip }> {
  const { name, path } = app
  if (!(await git.head(path, { signal }))) return { needed: false, because: 'it has no checkout' }
  const deployed = await git.deployed(path, name, { signal })
  // Before the remote is asked: most of those that were never deployed here have nobody who wants them to be.
  if (deployed === undefined && !failedByOutage && !(await wasDeployed(name, journal))) {
    return { needed: false, because: neverDeployed }
  }
  const tip = await askTip(app, git, signal)
  if (!tip) return { needed: false, because: 'its branch is not on the remote' }
  // In this order: one that ends between the two has ended for the tip.
  const underWay = await isUnderWay(name, journal)
  const { ended, everDeployed } = await journal.history(name, tip.commit)
  const asked = { tip: tip.commit, deployed, everDeployed, ended, underWay, failedByOutage, dockerCameBack }
  const [state, holds] = await Promise.all([
    git.readState(path, name, { signal }),
    git.holds(path, name, { signal }),
  ])
  const isFailed = state !== undefined && state.unsettled.length > 0
  const facts = {
    ...asked,
    held: holds.app !== undefined || holds.content.length > 0,
    halfway: finishesWayBack && state?.goingBack !== undefined,
    kept: isFailed && app.rollout.onFailure === 'keep',
  }
  return { ...decideCatchUp(facts), tip }
}

async function wasDeployed(app: string, journal: Pick<Journal, 'history'>): Promise<boolean> {
  return (await journal.history(app, 'any')).everDeployed
}

async function askTip(
  { path, url, branch, timeouts }: App,
  git: Git,
  signal: AbortSignal,
): Promise<Tip | undefined> {
  const checkout = { path, timeout: timeouts.git, ...(url === undefined ? {} : { url }) }
  const followed = branch ?? (await git.defaultBranch(checkout, { signal }))
  return git.tip(checkout, `refs/heads/${followed}`, { signal })
}

async function isUnderWay(app: string, journal: Pick<Journal, 'deployments'>): Promise<boolean> {
  const statuses = ['queued', 'in_progress', 'interrupted'] as const
  const found = await Promise.all(statuses.map((status) => journal.deployments({ app, status, limit: 1 })))
  return found.some((deployments) => deployments.length > 0)
}
