import type { App } from './domain/app.ts'
import { DeployError } from './errors.ts'
import { composeCli } from './executors/compose-cli.ts'
import type { Compose } from './executors/compose.ts'
import { dockerEngine } from './executors/docker-engine.ts'
import type { Engine } from './executors/engine.ts'
import type { Files } from './executors/files.ts'
import type { Git } from './executors/git.ts'
import { nodeFiles } from './executors/node-files.ts'
import { simpleGit } from './executors/simple-git.ts'
import { pipeline, type RunOptions } from './pipeline.ts'
import { type WayBack, wayBack } from './project/way-back.ts'

export interface FindWayBackOptions extends Pick<RunOptions, 'log' | 'signal'> {
  readonly git?: Git
  readonly compose?: Compose
  readonly engine?: Engine
  readonly files?: Files
  /** Id of a deployment, or a commit or a release, or a part of it; default: the release before the one that is deployed. */
  readonly to?: string
}

/** Tells to which release `goBack` would go now, and does nothing; rejects with `no_release` where there is none. */
export async function findWayBack(
  app: App,
  {
    git = simpleGit(),
    compose = composeCli(),
    engine = dockerEngine(),
    files = nodeFiles(),
    to,
    ...options
  }: FindWayBackOptions = {},
): Promise<WayBack> {
  const outcome = await pipeline<{ app: App }>()
    .use('findWayBack', (_ctx, run) => wayBack({ app, to }, { git, compose, engine, files }, run))
    .run({ app }, options)
  if (outcome.status === 'success') return outcome.ctx
  const why: unknown = outcome.status === 'skipped' ? outcome.reason : outcome.error
  throw why instanceof Error ? why : new DeployError('cancelled', String(why))
}
