import { findLeftovers } from '../decisions/find-leftovers.ts'
import { keepsAll } from '../decisions/keeps-all.ts'
import { toRestart } from '../decisions/to-restart.ts'
import { upBatches } from '../decisions/up-batches.ts'
import { composeCli } from '../executors/compose-cli.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { noteSettling } from '../project/note-settling.ts'
import { isSkip, step, type Step } from '../step.ts'
import { awaitEngine } from './await-engine.ts'
import { bringUp } from './bring-up.ts'
import { explainFailedUp } from './explain-failed-up.ts'
import { buildImages, type BuildImagesOptions, type PlanContext } from './build-images.ts'

export type ApplyPlanOptions = BuildImagesOptions

/** Does what a plan says and nothing else; where it keeps everything, Compose isn't even started. Builds what `buildImages` has not. */
export function applyPlan({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  engine = dockerEngine(),
  clock = systemClock(),
  patience = 0,
  random = Math.random,
}: ApplyPlanOptions = {}): Step<PlanContext & { readonly built?: true }> {
  const build = buildImages({ git, compose, files, engine, clock, patience, random })
  return step('applyPlan', async (ctx, run) => {
    const { app, project, plan, services, basis, release } = ctx
    const offline = release === undefined ? {} : { offline: true }
    if (!ctx.built) {
      const built = await build.run(ctx, run)
      if (isSkip(built)) return built
    }
    const named = (action: string): readonly string[] =>
      plan.services.filter((one) => one.action === action).map(({ service }) => service)
    if (keepsAll(plan)) {
      run.log.info(`Every service of ${app.name} runs as it should; none is touched.`)
      return
    }

    const patiently = awaitEngine({ engine, clock, random, patience, run })
    const removed = named('remove')
    const gone = basis.containers.filter(({ service }) => removed.includes(service)).map(({ id }) => id)
    if (gone.length > 0) await patiently(() => engine.removeContainers(gone, run))

    let isClear = findLeftovers(basis.containers).length === 0
    // What runs once, before the others, is not brought up with them.
    const lasting = plan.services.filter(({ service }) => service !== app.migrate?.service)
    const there = new Set(basis.containers.map(({ service }) => service))
    for (const batch of upBatches(lasting, services, there)) {
      await patiently(async () => {
        const options = { ...batch, ...offline, isClear }
        // A second attempt may have to clear up after the first.
        isClear = false
        const wanted = services.filter(({ name }) => batch.services.includes(name))
        await bringUp(app, project, { compose, engine }, run, options).catch(async (error: unknown) => {
          throw await explainFailedUp(error, { app, project, services: wanted, engine }, run)
        })
        isClear = true
      })
    }
    const restarted = toRestart(plan.services, services)
    if (restarted.length > 0) {
      await patiently(() => compose.restart(project, restarted, { timeout: app.timeouts.up }, run))
    }
    await noteSettling(ctx, { git, engine, clock }, run)
    const built = named('build').length > 0
    run.log.info(`Docker compose ${built ? 'build and up' : 'up'} successful for ${app.name}.`)
    return
  })
}
