/** What is known of an app when its remote has been asked. */
export interface CatchUpFacts {
  /** The commit that the followed ref points to. */
  readonly tip: string
  /** The commit last deployed with success, as the checkout has it. */
  readonly deployed: string | undefined
  /** Whether the journal knows of a deployment of this app that succeeded. */
  readonly everDeployed: boolean
  /** Whether a deployment of this app ever ended for the tip, however it ended. */
  readonly ended: boolean
  /** Whether one waits or runs. */
  readonly underWay: boolean
  /** Its last deployment failed because Docker or the remote was away. */
  readonly failedByOutage: boolean
  /** Docker was away and has come back; what ran may not run any more. */
  readonly dockerCameBack: boolean
  /** The whole app, or content of it, is held. */
  readonly held: boolean
  /** A way back was interrupted or failed, and nothing has succeeded since. */
  readonly halfway: boolean
  /** What failed is to stay as it is. */
  readonly kept: boolean
}

export type CatchUp =
  /** `again`: what was deployed last with success, instead of the tip. */
  | { readonly needed: true; readonly reason: string; readonly again?: true }
  | { readonly needed: false; readonly because: string }

export const neverDeployed = 'it was never deployed here'

const broughtUp = 'brought up again after Docker was away'

/** Whether an app must be deployed though nobody pushed: never twice for the same commit, but for an outage that is over. */
export function decideCatchUp(facts: CatchUpFacts): CatchUp {
  const { tip, deployed, everDeployed, ended, underWay, failedByOutage, dockerCameBack } = facts
  if (underWay) return { needed: false, because: 'a deployment is under way' }
  const again = bringUpAgain(facts)
  if (again !== undefined) return { needed: true, reason: again, again: true }
  if (failedByOutage) return { needed: true, reason: 'failed during an outage that is over' }
  if (deployed === undefined && !everDeployed) {
    return { needed: false, because: neverDeployed }
  }
  if (deployed === tip) {
    return dockerCameBack
      ? { needed: true, reason: broughtUp }
      : { needed: false, because: 'the tip is deployed' }
  }
  if (ended) return { needed: false, because: 'a deployment for the tip has ended already' }
  return { needed: true, reason: 'missed while down' }
}

/** Why the last success must be brought up again, where the tip is not to be deployed. */
function bringUpAgain(facts: CatchUpFacts): string | undefined {
  const { tip, deployed, ended, dockerCameBack, held, halfway, kept } = facts
  if (deployed === undefined || kept) return undefined
  if (halfway) return 'its way back was not finished'
  const isTried = deployed === tip ? held : ended || held
  return dockerCameBack && isTried ? broughtUp : undefined
}
