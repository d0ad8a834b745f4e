import { lostMounts } from '../decisions/lost-mounts.ts'
import type { HeldContent, Release } from '../domain/release.ts'
import type { DeployedState, GoingBack } from '../domain/state.ts'
import { isDeployError } from '../errors.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import type { PlanContext } from '../steps/build-images.ts'
import { cleanText } from '../text.ts'

/**
 * Notes that a failed deployment is about to go back, before it does: one that is interrupted goes on with that instead of trying
 * once more what failed.
 */
export async function noteWayBack(
  { app, services, deployment }: Pick<PlanContext, 'app' | 'services' | 'deployment'>,
  {
    error,
    release,
    held,
  }: { readonly error: unknown; readonly release: Release; readonly held: readonly HeldContent[] },
  git: Git,
  run: Run,
): Promise<void> {
  const state = await git.readState(app.path, app.name, run)
  const doubted = lostMounts(services, release)
  if (!state || (deployment === undefined && doubted.length === 0)) return
  // What failed was brought up by this very deployment, and yet it is to be replaced.
  const { settling: _, ...rest } = doubtMounts(state, doubted)
  const going = deployment === undefined ? {} : { goingBack: describeFailure(deployment, error, held) }
  await git.writeState(app.path, app.name, { ...rest, ...going }, run)
}

/** A folder that the tree loses meanwhile and gets again is another one for whoever has it mounted: they are to be made anew. */
function doubtMounts(state: DeployedState, names: readonly string[]): DeployedState {
  const entries = Object.entries(state.services).map(([name, service]) => {
    const { containers: _, ...rest } = service
    return [name, names.includes(name) ? { ...rest, containers: [] } : service] as const
  })
  const unsettled = [...new Set([...state.unsettled, ...names])]
  return { ...state, services: Object.fromEntries(entries), unsettled }
}

/** Without its output, which a checkout is no place for. */
function describeFailure(deployment: string, error: unknown, held: readonly HeldContent[]): GoingBack {
  const message = error instanceof Error ? error.message : String(error)
  const known = isDeployError(error)
  return {
    deployment,
    code: known ? error.code : '',
    reason: cleanText(message, 300),
    services: known ? error.services : [],
    held,
  }
}
