import type { Deployment } from '../journal/journal.ts'

export interface WatchDecisionInput {
  /** Of one app. */
  readonly deployments: readonly Deployment[]
  /** Milliseconds. */
  readonly window: number
  readonly now: Date
}

/** A success that is to be watched, and for how many milliseconds still. */
export interface WatchDecision {
  readonly deployment: Deployment
  readonly left: number
}

/** Which success is to be watched: the one that nothing came after, as long as its window isn't over; never a way back. */
export function decideWatch({ deployments, window, now }: WatchDecisionInput): WatchDecision | undefined {
  const [newest] = deployments.filter(hasTouched).toSorted(byEnd)
  if (newest?.status !== 'success' || newest.endedAt === null) return undefined
  // Two versions in a row that turn bad have another cause, and the releases before would follow one by one.
  if (newest.steps.some(({ name }) => name === 'goBack')) return undefined
  const left = Date.parse(newest.endedAt) + window - now.getTime()
  return left > 0 ? { deployment: newest, left } : undefined
}

/** Whether it may have changed what is there: it is at work, or it knew what to do. */
function hasTouched({ status, plan }: Deployment): boolean {
  if (status === 'in_progress' || status === 'interrupted') return true
  return status !== 'queued' && status !== 'superseded' && status !== 'skipped' && plan !== null
}

/** Newest first; what has not ended is the newest of all. */
function byEnd(one: Deployment, other: Deployment): number {
  const [a, b] = [one, other].map(({ endedAt }) => (endedAt === null ? Infinity : Date.parse(endedAt)))
  return a === b ? 0 : (b ?? 0) - (a ?? 0)
}
