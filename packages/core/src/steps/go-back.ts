import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Clock } from '../executors/clock.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { moveBack } from '../project/move-back.ts'
import { refuseUnfinished } from '../project/unfinished-way-back.ts'
import { type WayBack, wayBack } from '../project/way-back.ts'
import { step, type Step } from '../step.ts'

export interface GoBackOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly engine?: Engine
  readonly clock?: Clock
}

/** What a way back begins with, instead of a pull. */
export interface WentBack extends WayBack {
  readonly pull: Pull
}

/**
 * Brings the checkout to the commit of an earlier release, from what is here: no network. `push.manual.rollback` names it; else it is the
 * last success, where what failed since is still there, or the one before it. Fails with `no_release`, and nothing moved, where there is
 * none or its images are gone.
 */
export function goBack({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  engine = dockerEngine(),
  clock = systemClock(),
}: GoBackOptions = {}): Step<{ app: App; push: Push; deployment?: string }, WentBack> {
  return step('goBack', async ({ app, push, deployment }, run) => {
    await refuseUnfinished(app, deployment, git, run)
    const { to, again } = push.manual?.rollback ?? {}
    const back = await wayBack({ app, to, again, deployment }, { git, compose, files, engine }, run)
    const pull = await moveBack(app, back.release, { git, clock }, run)
    return { ...back, pull }
  })
}
