import { buildBatches, type PlannedBuild } from '../decisions/build-batches.ts'
import { imageName } from '../decisions/image-name.ts'
import type { DesiredService } from '../decisions/plan-deployment.ts'
import type { App } from '../domain/app.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project } from '../domain/project.ts'
import type { Compose } from '../executors/compose.ts'
import type { Engine } from '../executors/engine.ts'
import type { Run } from '../run.ts'
import { allOf } from './all-of.ts'

export interface BuildPlannedContext {
  readonly app: App
  readonly project: Project
  readonly plan: Plan
  readonly services: readonly DesiredService[]
}

export interface BuildPlannedOptions {
  readonly compose: Compose
  readonly engine: Engine
  /** Waits out an engine that doesn't answer. */
  readonly patiently: <T>(task: () => Promise<T>) => Promise<T>
}

/** Gives every service of a plan the image that it is to run: images that are here are tagged, each other one is built once. */
export async function buildPlanned(
  ctx: BuildPlannedContext,
  options: BuildPlannedOptions,
  run: Run,
): Promise<void> {
  const { project, plan, services } = ctx
  const { engine, patiently } = options
  const tags = plan.services.flatMap(({ service: name, image }) => {
    const service = services.find((one) => one.name === name)
    return service && image !== undefined ? [[imageName(project.name, service), image] as const] : []
  })
  // Before anything is built on one of them.
  for (const [name, image] of new Map(tags)) await patiently(() => engine.tag(image, name, run))
  for (const batch of buildBatches(plan, services)) await buildBatch(batch, ctx, options, run)
}

async function buildBatch(
  batch: readonly PlannedBuild[],
  ctx: BuildPlannedContext,
  options: BuildPlannedOptions,
  run: Run,
): Promise<void> {
  const { app, project } = ctx
  const { compose, engine, patiently } = options
  const own = await allOf(
    batch.map(async (build) => ({ build, isBuilt: await buildOverEngine(build, ctx, options, run) })),
  )
  const left = own.filter(({ isBuilt }) => !isBuilt).map(({ build }) => build)
  for (const pull of [false, true]) {
    const chosen = left.filter((build) => build.pull === pull)
    if (chosen.length === 0) continue
    const names = chosen.map(({ service }) => service.name)
    const labels = Object.fromEntries(chosen.map((build) => [build.service.name, labelsOf(app, build)]))
    const rest = { timeout: app.timeouts.build, labels, ...(pull ? { pull } : {}) }
    await patiently(() => compose.build(project, names, rest, run))
  }
  for (const { service, others } of left) {
    const built = imageName(project.name, service)
    for (const name of namesOf(others, project)) {
      if (name !== built) await patiently(() => engine.tag(built, name, run))
    }
  }
}

/** In one request, where that is enough. */
async function buildOverEngine(
  build: PlannedBuild,
  { app, project }: BuildPlannedContext,
  { engine, patiently }: BuildPlannedOptions,
  run: Run,
): Promise<boolean> {
  const { service, others, pull } = build
  if (!service.build || pull) return false
  const image = {
    service: service.name,
    build: service.build,
    names: namesOf([service, ...others], project),
    labels: labelsOf(app, build),
    ...(service.platform === undefined ? {} : { platform: service.platform }),
  }
  return patiently(() => engine.build(image, { timeout: app.timeouts.build }, run))
}

/** These alone: one that changes from commit to commit would give a new image each time. */
function labelsOf({ name }: App, { buildKey }: PlannedBuild): Readonly<Record<string, string>> {
  return { 'fairway.app': name, ...(buildKey === undefined ? {} : { 'fairway.build-key': buildKey }) }
}

function namesOf(services: readonly DesiredService[], project: Project): readonly string[] {
  return [...new Set(services.map((service) => imageName(project.name, service)))]
}
