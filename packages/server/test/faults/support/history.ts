import type { Deployment } from '../../../src/index.ts'

/** What a server did, as it stands written when all is quiet. */
export interface History {
  /** The deployments that each delivery was promised in its 2xx answer, by its id. */
  readonly promised: ReadonlyMap<string, readonly string[]>
  /** Those of the journal, in any order. */
  readonly deployments: readonly Deployment[]
  /** What some of them were when they had ended, as it was seen before. */
  readonly ended?: ReadonlyMap<string, Deployment>
  /** Commits of the branch that each app follows, oldest first. */
  readonly commits: ReadonlyMap<string, readonly string[]>
}

const final = new Set(['success', 'failure', 'skipped', 'superseded', 'cancelled'])

/** What must not be, in words; empty where the history is as promised. */
export function judgeHistory(history: History): readonly string[] {
  return [
    ...lost(history),
    ...history.deployments.flatMap(withoutEnd),
    ...changed(history),
    ...history.deployments.flatMap((deployment) => supersededByNothing(deployment, history)),
    ...[...history.commits].flatMap(([app, commits]) => {
      const own = history.deployments.filter((deployment) => deployment.app === app)
      return [...backwards(own, commits), ...atOnce(own)]
    }),
  ]
}

/** Deployments that were promised and are not in the journal, or have not ended there. */
export function lost({ promised, deployments }: History): readonly string[] {
  const known = new Map(deployments.map((deployment) => [deployment.id, deployment]))
  return [...promised].flatMap(([delivery, ids]) =>
    ids.flatMap((id) => {
      const found = known.get(id)
      if (!found) return [`delivery ${delivery}: its deployment ${id} is not in the journal`]
      return found.endedAt === null ? [`delivery ${delivery}: its deployment ${id} is ${found.status}`] : []
    }),
  )
}

/** Whether a state is final, when it ended, and why, are one thing. */
function withoutEnd({ id, status, reason, endedAt }: Deployment): readonly string[] {
  if (final.has(status) !== (endedAt !== null)) return [`${id} is ${status}, ended: ${String(endedAt)}`]
  const isTold = reason !== null || status === 'success' || !final.has(status)
  return isTold ? [] : [`${id} is ${status} without a reason`]
}

function changed({ ended = new Map(), deployments }: History): readonly string[] {
  const known = new Map(deployments.map((deployment) => [deployment.id, deployment]))
  return [...ended.values()].flatMap(({ id, status, endedAt }: Deployment) => {
    const now = known.get(id)
    if (now?.status === status && now.endedAt === endedAt) return []
    return [
      `${id} had ended as ${status} at ${String(endedAt)}, and is ${now?.status ?? 'gone'} at ${String(now?.endedAt)}`,
    ]
  })
}

function supersededByNothing(
  { id, status, createdAt, supersededBy }: Deployment,
  { deployments }: History,
): readonly string[] {
  if (status !== 'superseded') return []
  const newer = deployments.find((candidate) => candidate.id === supersededBy)
  if (!newer) return [`${id} was superseded by ${String(supersededBy)}, which is not in the journal`]
  return newer.createdAt < createdAt ? [`${id} was superseded by the older ${newer.id}`] : []
}

/** Successes that deployed an older commit than one before them. */
function backwards(deployments: readonly Deployment[], commits: readonly string[]): readonly string[] {
  const found: string[] = []
  let newest = -1
  for (const { id, commit } of inOrder(deployments.filter(({ status }) => status === 'success'))) {
    const index = commits.indexOf(commit ?? '')
    if (index === -1) found.push(`${id} deployed ${String(commit)}, which the branch never had`)
    else if (index < newest) found.push(`${id} went back from ${commits[newest]} to ${String(commit)}`)
    else newest = index
  }
  return found
}

/** Pairs of runs of one app that overlap. */
function atOnce(deployments: readonly Deployment[]): readonly string[] {
  const runs = deployments.filter(({ startedAt, endedAt }) => startedAt !== null && endedAt !== null)
  const ordered = runs.toSorted((one, other) => compare(one.startedAt, other.startedAt))
  return ordered.flatMap(({ id, startedAt }, index) => {
    const before = ordered[index - 1]
    if (!before || compare(before.endedAt, startedAt) <= 0) return []
    return [`${before.id} ran until ${String(before.endedAt)}, and ${id} from ${String(startedAt)} on`]
  })
}

function inOrder(deployments: readonly Deployment[]): readonly Deployment[] {
  return deployments.toSorted((one, other) => compare(one.endedAt, other.endedAt))
}

function compare(one: string | null, other: string | null): number {
  return (one ?? '') < (other ?? '') ? -1 : Number((one ?? '') > (other ?? ''))
}
