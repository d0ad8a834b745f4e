import { deployedServices } from '../decisions/deployed-services.ts'
import type { ServiceState } from '../domain/state.ts'
import type { Clock } from '../executors/clock.ts'
import type { Engine } from '../executors/engine.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import type { PlanContext } from '../steps/build-images.ts'

/**
 * Notes the containers that a deployment has brought up, before they are found healthy: an interrupted one that is taken up again knows
 * them by it. What cannot be noted costs such a one a replacement, and fails nothing.
 */
export async function noteSettling(
  { app, project, plan, services, basis, deployment }: PlanContext,
  { git, engine, clock }: { readonly git: Git; readonly engine: Engine; readonly clock: Clock },
  run: Run,
): Promise<void> {
  if (deployment === undefined) return
  try {
    const containers = await engine.containers(project.name, run)
    const state = await git.readState(app.path, app.name, run)
    if (!state) return
    const all = deployedServices({ app, plan, services, basis, containers, now: clock.now() })
    const replaced = plan.services
      .filter(({ action, service }) => action !== 'keep' && service !== app.migrate?.service)
      .flatMap(({ service }): readonly (readonly [string, ServiceState])[] => {
        const made = all[service]
        return made ? [[service, made]] : []
      })
    // What an earlier attempt has brought up and this one kept.
    const before = basis.takenUp ? basis.recorded?.settling?.services : {}
    const settling = { deployment, services: { ...before, ...Object.fromEntries(replaced) } }
    await git.writeState(app.path, app.name, { ...state, settling }, run)
  } catch (error) {
    run.signal.throwIfAborted()
    const why = error instanceof Error ? error.message : String(error)
    run.log.debug(`Cannot note the new containers of ${app.name}: ${why}`)
  }
}
