import { contentsOf, describeHeld, describeHold, findHeld } from './decisions/hold-content.ts'
import type { App } from './domain/app.ts'
import type { Plan } from './domain/plan.ts'
import type { Pull } from './domain/pull.ts'
import type { Push } from './domain/push.ts'
import { DeployError } from './errors.ts'
import type { Clock } from './executors/clock.ts'
import { composeCli } from './executors/compose-cli.ts'
import type { Compose } from './executors/compose.ts'
import { dockerEngine } from './executors/docker-engine.ts'
import type { Engine } from './executors/engine.ts'
import { fileLocks } from './executors/file-locks.ts'
import type { Files } from './executors/files.ts'
import type { Folders } from './executors/folders.ts'
import type { Git } from './executors/git.ts'
import type { Locks } from './executors/locks.ts'
import { nodeFiles } from './executors/node-files.ts'
import { simpleGit } from './executors/simple-git.ts'
import { systemClock } from './executors/system-clock.ts'
import { temporaryFolders } from './executors/temporary-folders.ts'
import { pipeline, type RunOptions } from './pipeline.ts'
import { readProject } from './project/read-project.ts'
import { lockCheckout } from './steps/lock-checkout.ts'
import { lookAhead } from './steps/look-ahead.ts'
import { makePlan } from './steps/make-plan.ts'

export interface PlanAppOptions extends Pick<RunOptions, 'log' | 'signal' | 'observe'> {
  readonly git?: Git
  readonly compose?: Compose
  readonly engine?: Engine
  readonly files?: Files
  readonly folders?: Folders
  readonly locks?: Locks
  readonly clock?: Clock
  /** From 0 up to 1, for the waits before a remote is asked again. */
  readonly random?: () => number
  /** Wait for the lock on the checkout, or reject with `locked`. Default: wait. */
  readonly wait?: boolean
  /** Who holds the lock, for others to read. */
  readonly who?: string
  /** Full ref, branch, tag or full SHA, tried in this order; default: the followed branch. */
  readonly ref?: string
  /** As if a person asked for every service with a build section to be built. */
  readonly rebuild?: boolean
}

/** What a deployment would do. */
export interface Outlook {
  readonly plan: Plan
  /** What would be checked out. */
  readonly pull: Pull
  /** Why a push of that commit would deploy nothing, and only a person's asking does. */
  readonly skipped?: string
  /** Why it would not be deployed, not even by hand: `held because ...`. */
  readonly held?: string
  /** There is no checkout yet: the repository would be cloned. */
  readonly isNew: boolean
}

/**
 * Tells what a deployment would do now, and does nothing: fetches the commit and reads its files in a folder of their own; checkout,
 * `refs/fairway/deployed` and `state`, and Docker stay as they are. Holds the lock on the checkout meanwhile. Rejects with what the
 * deployment would fail with before it changes anything.
 */
export async function planApp(
  app: App,
  {
    git = simpleGit(),
    compose = composeCli(),
    engine = dockerEngine(),
    files = nodeFiles(),
    folders = temporaryFolders(),
    locks = fileLocks(),
    clock = systemClock(),
    random = Math.random,
    wait = true,
    who = 'fairway plan',
    ref,
    rebuild = false,
    ...options
  }: PlanAppOptions = {},
): Promise<Outlook> {
  const manual = { rebuild, ...(ref === undefined ? {} : { ref }) }
  const push: Push = { repository: app.repository, ref: ref ?? 'HEAD', pusher: who, manual }
  const outcome = await pipeline<{ app: App; push: Push }>()
    .use(lockCheckout({ locks, files, clock, wait, who, purpose: 'plan' }))
    .use(lookAhead({ git, files, compose, folders, clock, random }))
    .use('makePlan', async ({ ahead: { seen, pull } }, run) => {
      const found = await readProject(app, seen, run)
      return makePlan({ ...seen, engine, clock, random, edits: false }).run(
        { app, push, pull, project: found.project, found },
        run,
      )
    })
    .use('lookForHolds', async ({ services, ahead: { pull } }, run) => {
      const holds = await git.holds(app.path, app.name, run)
      const held = findHeld(holds, contentsOf(services, pull.after))
      if (holds.app) return { held: describeHold(holds.app) }
      return held ? { held: describeHeld(held) } : {}
    })
    .run({ app, push }, { ...options, clock })
  if (outcome.status === 'success') {
    const { plan, ahead, held } = outcome.ctx
    const { pull, skipped, isNew } = ahead
    return {
      plan,
      pull,
      isNew,
      ...(skipped === undefined ? {} : { skipped }),
      ...(held === undefined ? {} : { held }),
    }
  }
  // Nothing that a person asks for is skipped.
  const why: unknown = outcome.status === 'skipped' ? outcome.reason : outcome.error
  throw why instanceof Error ? why : new DeployError('cancelled', String(why))
}
