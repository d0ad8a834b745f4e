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
}

export type CatchUp =
  | { readonly needed: true; readonly reason: string }
  | { readonly needed: false; readonly because: string }

export const neverDeployed = 'it was never deployed here'

/** Whether an app must be deployed though nobody pushed: never twice for the same commit, but for an outage that is over. */
export function decideCatchUp(facts: CatchUpFacts): CatchUp {
  const { tip, deployed, everDeployed, ended, underWay, failedByOutage, dockerCameBack } = facts
  if (underWay) return { needed: false, because: 'a deployment is under way' }
  if (failedByOutage) return { needed: true, reason: 'failed during an outage that is over' }
  if (deployed === undefined && !everDeployed) {
    return { needed: false, because: neverDeployed }
  }
  if (deployed === tip) {
    return dockerCameBack
      ? { needed: true, reason: 'brought up again after Docker was away' }
      : { needed: false, because: 'the tip is deployed' }
  }
  if (ended) return { needed: false, because: 'a deployment for the tip has ended already' }
  return { needed: true, reason: 'missed while down' }
}
