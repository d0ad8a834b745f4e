import { addHeld, chooseHeld, contentsOf } from '../decisions/hold-content.ts'
import type { HeldContent, Release } from '../domain/release.ts'
import { isDeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import { cleanText } from '../text.ts'
import type { Deployment } from './bring-back.ts'

/** Holds the content that failed, after the way back; gives what is held. */
export async function holdFailed(
  { app, plan, services, pull, deployment }: Deployment,
  { error, release }: { readonly error: unknown; readonly release: Release },
  { git, clock }: { readonly git: Git; readonly clock: Clock },
  run: Run,
): Promise<readonly HeldContent[]> {
  // The same content will do once there is space.
  if (isDeployError(error, 'disk_full')) return []
  const contents = contentsOf(services, pull.after)
  const names = chooseHeld({
    failed: isDeployError(error) ? error.services : [],
    touched: plan.services.filter(({ action }) => action !== 'keep').map(({ service }) => service),
    services: contents,
    before: release.services,
  })
  const rest = {
    commit: pull.after,
    ...(deployment === undefined ? {} : { deployment }),
    reason: cleanText(error instanceof Error ? error.message : String(error), 300),
    at: clock.now().toISOString(),
  }
  const held = names.map((service) => ({ service, ...contents[service], ...rest }))
  if (held.length > 0) {
    await git.writeHolds(app.path, app.name, addHeld(await git.holds(app.path, app.name, run), held), run)
  }
  return held
}
