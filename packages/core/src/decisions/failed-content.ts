import type { Plan } from '../domain/plan.ts'
import type { HeldContent, Release } from '../domain/release.ts'
import type { DeployedState } from '../domain/state.ts'
import { isDeployError } from '../errors.ts'
import { cleanText } from '../text.ts'
import { chooseHeld, contentsOf } from './hold-content.ts'
import type { DesiredService } from './plan-deployment.ts'

export interface FailedContentInput {
  readonly plan: Plan
  readonly services: readonly DesiredService[]
  readonly basis: { readonly recorded: DeployedState | undefined; readonly takenUp?: DeployedState }
  /** Id of the deployment's record. */
  readonly deployment?: string
  /** What was deployed. */
  readonly commit: string
  readonly error: unknown
  /** What is gone back to. */
  readonly release: Release
  readonly now: Date
}

/** What is held of a deployment that failed and is rolled back. */
export function failedContent({
  plan,
  services,
  basis,
  deployment,
  commit,
  error,
  release,
  now,
}: FailedContentInput): readonly HeldContent[] {
  // The same content will do once there is space.
  if (isDeployError(error, 'disk_full')) return []
  const contents = contentsOf(services, commit)
  const planned = plan.services.filter(({ action }) => action !== 'keep').map(({ service }) => service)
  const names = chooseHeld({
    failed: isDeployError(error) ? error.services : [],
    // An attempt that was interrupted may have touched what this one kept.
    touched: [
      ...new Set([
        ...planned,
        ...Object.keys(basis.takenUp ? (basis.recorded?.settling?.services ?? {}) : {}),
      ]),
    ],
    services: contents,
    before: release.services,
  })
  const rest = {
    commit,
    ...(deployment === undefined ? {} : { deployment }),
    reason: cleanText(error instanceof Error ? error.message : String(error), 300),
    at: now.toISOString(),
  }
  return names.map((service) => ({ service, ...contents[service], ...rest }))
}
