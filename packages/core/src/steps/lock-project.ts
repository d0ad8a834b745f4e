import type { App } from '../domain/app.ts'
import type { Project } from '../domain/project.ts'
import type { Clock } from '../executors/clock.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import { fileLocks } from '../executors/file-locks.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Locks } from '../executors/locks.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { type FoundProject, readProject } from '../project/read-project.ts'
import { step, type Step } from '../step.ts'
import { holdLock, projectLockName } from './hold-lock.ts'

export interface LockProjectOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly locks?: Locks
  readonly clock?: Clock
  /** Wait for the lock, or fail with `locked`. Default: wait. */
  readonly wait?: boolean
  /** Who holds the lock, for others to read. */
  readonly who?: string
}

/** Finds the app's Compose project in its checkout and keeps every other run off it until this one ends. */
export function lockProject({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  locks = fileLocks(),
  clock = systemClock(),
  wait = true,
  who = 'fairway',
}: LockProjectOptions = {}): Step<{ app: App }, { project: Project; found: FoundProject }> {
  return step('lockProject', async ({ app }, run) => {
    const found = await readProject(app, { git, files }, run)
    const { project } = found
    const lock = projectLockName(await compose.engine(run), project.name)
    const what = `its Compose project ${project.name}`
    const describe = { app: app.name, what }
    await holdLock(locks, lock, { who: `${who}, ${app.name}`, wait, clock, describe }, run)
    return { project, found }
  })
}
