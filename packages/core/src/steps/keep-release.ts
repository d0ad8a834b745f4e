import { contentsOf, sameContent } from '../decisions/hold-content.ts'
import { isUnchanged } from '../decisions/is-unchanged.ts'
import { releaseTag } from '../decisions/release-tag.ts'
import { spareReleases } from '../decisions/spare-releases.ts'
import type { Container } from '../domain/container.ts'
import type { Pull } from '../domain/pull.ts'
import type { Release, ReleasedService } from '../domain/release.ts'
import { describeError } from '../errors.ts'
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
}

/**
 * Keeps what is up and healthy now as a release: its commit, plan and images, so that one can come back to it without network and
 * nothing that prunes takes them. What replaced nothing needs none of its own, and what was gone back to has one. Belongs before
 * `recordDeployed`, which notes it. Forgets releases beyond `rollout.keepReleases`. A release that can't be kept is warned of:
 * what is up and healthy is no failure.
 */
export function keepRelease({
  git = simpleGit(),
  engine = dockerEngine(),
  clock = systemClock(),
}: KeepReleaseOptions = {}): Step<Context, { release?: Release }> {
  return step('keepRelease', async (ctx, run) => {
    const { app, basis } = ctx
    if (ctx.release && ctx.release.id !== '') return { release: ctx.release }
    if (isUnchanged(ctx) && basis.recorded?.release !== undefined) return {}
    const release = describeRelease(ctx, clock.now())
    try {
      const same = await keptAlready(ctx, release, git, run)
      if (same) return { release: same }
      await keep(ctx, release, { git, engine }, run)
      return { release }
    } catch (error) {
      run.signal.throwIfAborted()
      run.log.warn(
        `${app.name} is up, but cannot be kept as a release, and this version cannot be gone back to: ${describeError(error)}`,
      )
      return {}
    }
  })
}

/** What is deployed, where the same commit once more gave the same: another release of it would push out what one can go back to. */
async function keptAlready(
  { app, basis: { recorded } }: Context,
  { commit, services }: Release,
  git: Git,
  run: Run,
): Promise<Release | undefined> {
  if (recorded?.release === undefined || recorded.commit !== commit) return undefined
  const known = (await git.releases(app.path, app.name, run)).find(({ id }) => id === recorded.release)
  if (!known || Object.keys(known.services).length !== Object.keys(services).length) return undefined
  const isSame = Object.entries(services).every(([name, service]) => {
    const before = known.services[name]
    return before !== undefined && before.image === service.image && sameContent(before, service)
  })
  return isSame ? known : undefined
}

interface Keeping {
  readonly git: Git
  readonly engine: Engine
}

async function keep(ctx: Context, release: Release, { git, engine }: Keeping, run: Run): Promise<void> {
  const { name, path } = ctx.app
  const tags = Object.values(release.services).flatMap(({ image, tag }) =>
    image === undefined || tag === undefined ? [] : [[tag, image] as const],
  )
  for (const [tag, image] of new Map(tags)) await engine.tag(image, tag, run)
  await git.keepRelease(path, name, release, run)
  await forgetSpare(ctx, release, { git, engine }, run)
}

function describeRelease(ctx: Context, now: Date): Release {
  const { app, project, plan, services, pull, containers, deployment } = ctx
  const contents = contentsOf(services, pull.after)
  const at = now.toISOString()
  const released = services.map(({ name, section }): readonly [string, ReleasedService] => {
    const image = containers.find(({ service }) => service === name)?.image
    const kept = image === undefined ? {} : { image, tag: releaseTag(app.name, name, image) }
    return [name, { ...kept, ...contents[name], ...(section === undefined ? {} : { section }) }]
  })
  return {
    id: `${at.replaceAll(/[-:]/g, '')}-${pull.after.slice(0, 7)}`,
    commit: pull.after,
    ref: pull.ref,
    at,
    project: project.name,
    plan,
    services: Object.fromEntries(released),
    ...(deployment === undefined ? {} : { deployment }),
  }
}

/** Older ones lose their refs, and their images the names that no other release needs. */
async function forgetSpare(
  { app }: Context,
  current: Release,
  { git, engine }: Keeping,
  run: Run,
): Promise<void> {
  const releases = await git.releases(app.path, app.name, run)
  const spare = spareReleases(releases, { keep: app.rollout.keepReleases, current: current.id })
  if (spare.releases.length === 0) return
  const ids = spare.releases.map(({ id }) => id)
  // The names first: broken off in between, the next success finds both again.
  await engine.untag(spare.tags, run)
  await git.dropReleases(app.path, app.name, ids, run)
}
