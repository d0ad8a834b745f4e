import { deployedServices } from '../decisions/deployed-services.ts'
import { releaseTag } from '../decisions/release-tag.ts'
import { spareReleases } from '../decisions/spare-releases.ts'
import type { Container } from '../domain/container.ts'
import type { Pull } from '../domain/pull.ts'
import type { Release, ReleasedService } from '../domain/release.ts'
import type { Clock } from '../executors/clock.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Git } from '../executors/git.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import type { Run } from '../run.ts'
import { step, type Step } from '../step.ts'
import type { PlanContext } from './build-images.ts'

export interface KeepReleaseOptions {
  readonly git?: Git
  readonly engine?: Engine
  readonly clock?: Clock
}

type Context = PlanContext & {
  readonly pull: Pull
  readonly containers: readonly Container[]
  /** Id of the deployment's record. */
  readonly deployment?: string
  /** The release that was gone back to: it is kept already. */
  readonly release?: Release
}

/**
 * Keeps what is up and healthy now as a release: its commit, plan and images, so that one can come back to it without network and
 * nothing that prunes takes them. One that changes nothing needs none of its own. Forgets releases beyond `rollout.keepReleases`.
 */
export function keepRelease({
  git = simpleGit(),
  engine = dockerEngine(),
  clock = systemClock(),
}: KeepReleaseOptions = {}): Step<Context, { release?: Release }> {
  return step('keepRelease', async (ctx, run) => {
    const { app, plan, basis } = ctx
    if (ctx.release) return { release: ctx.release }
    const isUnchanged = plan.services.every(({ action }) => action === 'keep')
    if (isUnchanged && basis.recorded?.release !== undefined) return {}
    const release = describeRelease(ctx, clock.now())
    for (const { image, tag } of Object.values(release.services)) {
      if (image !== undefined && tag !== undefined) await engine.tag(image, tag, run)
    }
    await git.keepRelease(app.path, app.name, release, run)
    await forgetSpare(ctx, release, { git, engine }, run)
    return { release }
  })
}

function describeRelease(ctx: Context, now: Date): Release {
  const { app, project, plan, services, pull, containers, basis, deployment } = ctx
  const found = deployedServices({ plan, services, containers, recorded: basis.recorded, isCurrent: true, now })
  const at = now.toISOString()
  return {
    id: `${at.replaceAll(/[-:]/g, '')}-${pull.after.slice(0, 7)}`,
    commit: pull.after,
    ref: pull.ref,
    at,
    project: project.name,
    plan,
    services: Object.fromEntries(
      services.map((service) => {
        const { image, buildKey, configuration, mounts } = found[service.name] ?? {}
        const released: ReleasedService = {
          ...(image === undefined ? {} : { image, tag: releaseTag(app.name, service.name, image) }),
          ...(buildKey === undefined ? {} : { buildKey }),
          ...(configuration === undefined ? {} : { configuration }),
          ...(mounts === undefined ? {} : { mounts }),
        }
        return [service.name, released]
      }),
    ),
    ...(deployment === undefined ? {} : { deployment }),
  }
}

/** Older ones lose their refs, and their images the names that no other release needs. */
async function forgetSpare(
  { app }: Context,
  current: Release,
  { git, engine }: { readonly git: Git; readonly engine: Engine },
  run: Run,
): Promise<void> {
  const releases = await git.releases(app.path, app.name, run)
  const spare = spareReleases(releases, { keep: app.rollout.keepReleases, current: current.id })
  if (spare.releases.length === 0) return
  await git.dropReleases(
    app.path,
    app.name,
    spare.releases.map(({ id }) => id),
    run,
  )
  await engine.untag(spare.tags, run)
}
