import type { HeldContent, Release } from '../domain/release.ts'
import { isDeployError } from '../errors.ts'
import type { PlanContext } from '../steps/build-images.ts'
import { cleanText } from '../text.ts'
import { chooseHeld, contentsOf } from './hold-content.ts'

export interface FailedContentInput extends Pick<PlanContext, 'plan' | 'services' | 'basis' | 'deployment'> {
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
