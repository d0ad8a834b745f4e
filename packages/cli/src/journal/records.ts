import type { Holds, Release } from '@fairway/core'
import type { DeliveryRecord, Deployment } from '@fairway/server'

type DeploymentJson = Omit<Deployment, 'subject' | 'author' | 'supersededBy' | 'containers'>

/** A deployment as `--json` prints it. */
export function deploymentRecord(deployment: Deployment): DeploymentJson {
  const { id, app, status, reason, commit, attempt, delivery, createdAt, startedAt, endedAt, steps, plan } =
    deployment
  return { id, app, status, reason, commit, attempt, delivery, createdAt, startedAt, endedAt, steps, plan }
}

/** A delivery as `--json` prints it. */
export function deliveryRecord(delivery: DeliveryRecord): DeliveryRecord {
  const { id, receivedAt, event, repository, ref, before, after, deployments, skipped } = delivery
  return { id, receivedAt, event, repository, ref, before, after, deployments, skipped }
}

/** Why an app would not be deployed, as `--json` prints it; without a service it is the whole app. */
interface HoldJson {
  readonly service: string | null
  readonly commit: string | null
  readonly deployment: string | null
  /** Null where whoever holds the whole app gave none. */
  readonly reason: string | null
  /** Who holds the whole app. */
  readonly by: string | null
  readonly at: string
}

export function holdRecords({ app, content }: Holds): readonly HoldJson[] {
  return [
    ...(app ? [{ service: null, commit: null, deployment: null, reason: null, ...app }] : []),
    ...content.map(({ service, commit, deployment, reason, at }) => ({
      service,
      commit,
      deployment: deployment ?? null,
      reason,
      by: null,
      at,
    })),
  ]
}

interface ReleaseJson extends Pick<Release, 'id' | 'commit' | 'ref' | 'at'> {
  readonly deployment: string | null
  /** It is what is deployed. */
  readonly deployed: boolean
}

export function releaseRecord(
  { id, commit, ref, at, deployment }: Release,
  deployed: string | null,
): ReleaseJson {
  return { id, commit, ref, at, deployment: deployment ?? null, deployed: id === deployed }
}
