import type { Outcome } from '@fairway/core'
import type { Deployed } from '../pipelines.ts'
import { isOutage } from './is-outage.ts'

/** Which apps are not as they should be because Docker or a remote was away when they were deployed. */
export interface OutageFailures {
  /** A deployment of the app has ended. */
  ended(app: string, outcome: Outcome<Deployed>): void
  has(app: string): boolean
  /** It is deployed once more. */
  taken(app: string): void
}

/** Times in a row that one is deployed again because of an outage: then it fails for another reason, whatever it says. */
const most = 3

export function outageFailures(): OutageFailures {
  const failed = new Set<string>()
  const times = new Map<string, number>()
  return {
    ended(app, outcome) {
      if (outcome.status === 'failure' && isOutage(outcome.error)) {
        if ((times.get(app) ?? 0) < most) failed.add(app)
      } else {
        failed.delete(app)
        times.delete(app)
      }
    },
    has: (app) => failed.has(app),
    taken(app) {
      if (failed.delete(app)) times.set(app, (times.get(app) ?? 0) + 1)
    },
  }
}
