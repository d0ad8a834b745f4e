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
