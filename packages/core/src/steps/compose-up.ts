import { basename } from 'node:path'
import type { App } from '../domain/app.ts'
import type { Project, Service } from '../domain/project.ts'
import type { Rebuild } from '../domain/rebuild.ts'
import type { Clock } from '../executors/clock.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import type { Engine } from '../executors/engine.ts'
import { fileLocks } from '../executors/file-locks.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Locks } from '../executors/locks.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { checkServices } from '../project/check-services.ts'
import { readProject } from '../project/read-project.ts'
import { step, type Step } from '../step.ts'
import { awaitEngine } from './await-engine.ts'
import { bringUp } from './bring-up.ts'
import { holdLock, projectLockName } from './hold-lock.ts'

export interface ComposeUpOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly locks?: Locks
  readonly clock?: Clock
  /** Wait for the project's lock, or fail with `locked`. Default: wait. */
  readonly wait?: boolean
  /** Who holds the lock, for others to read. */
  readonly who?: string
  /** Clears up what an interrupted recreate left, and tells an outage from other failures. Default: none, as it needs dockerode. */
  readonly engine?: Engine
  /** Milliseconds to wait for an engine that doesn't answer. Default: 0. */
  readonly patience?: number
  /** From 0 up to 1, for the waits before the engine is asked again. */
  readonly random?: () => number
}

/** Builds what must be built and brings the whole project up, under the project's lock; reads and checks its files first. */
export function composeUp({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  locks = fileLocks(),
  clock = systemClock(),
  wait = true,
  who = 'fairway',
  engine,
  patience = 0,
  random = Math.random,
}: ComposeUpOptions = {}): Step<
  { app: App; rebuild: Rebuild },
  { project: Project; services: readonly Service[] }
> {
  return step('composeUp', async ({ app, rebuild }, run) => {
    const { name, timeouts } = app
    const found = await readProject(app, { git, files }, run)
    const { project } = found
    const lock = projectLockName(await compose.engine(run), project.name)
    const what = `its Compose project ${project.name}`
    await holdLock(locks, lock, { who: `${who}, ${name}`, wait, clock, describe: { app: name, what } }, run)
    // Once more, as a step in between may have written an env file; `shouldRebuild` has told what there is to warn of.
    const { services } = await checkServices(app, found, { git, compose, files }, run)

    const patiently = awaitEngine({ engine, clock, random, patience, run })
    const file = project.files.map((path) => basename(path)).join(', ')
    if (rebuild.needed) {
      run.log.info(`🚀 Changes detected. Building and deploying ${name} with ${file}...`)
      await patiently(() => compose.build(project, rebuild.services, { timeout: timeouts.build }, run))
    } else {
      run.log.info(`✨ No significant changes. Deploying ${name} without rebuilding images using ${file}...`)
    }
    await patiently(() => bringUp(app, project, { compose, engine }, run))
    run.log.info(`Docker compose ${rebuild.needed ? 'build and up' : 'up'} successful for ${name}.`)
    return { project, services }
  })
}
