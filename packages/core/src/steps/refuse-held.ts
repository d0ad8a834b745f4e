import { contentsOf, describeHeld, describeHold, findHeld } from '../decisions/hold-content.ts'
import { rolledBack } from '../decisions/tell-rollback.ts'
import type { App } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import type { Holds } from '../domain/release.ts'
import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import { composeCli } from '../executors/compose-cli.ts'
import type { Compose } from '../executors/compose.ts'
import type { Files } from '../executors/files.ts'
import type { Folders } from '../executors/folders.ts'
import type { Git } from '../executors/git.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { systemClock } from '../executors/system-clock.ts'
import { temporaryFolders } from '../executors/temporary-folders.ts'
import { desiredState } from '../project/desired-state.ts'
import { readProject } from '../project/read-project.ts'
import { refuseUnfinished } from '../project/unfinished-way-back.ts'
import type { Run } from '../run.ts'
import { shellWord } from '../shell-word.ts'
import { isSkip, skip, type Skip, step, type Step } from '../step.ts'
import { lookAhead, type LookAheadOptions } from './look-ahead.ts'

export interface RefuseHeldOptions {
  readonly git?: Git
  readonly compose?: Compose
  readonly files?: Files
  readonly folders?: Folders
  readonly clock?: Clock
  /** From 0 up to 1, for the waits before a remote is asked again. */
  readonly random?: () => number
  /** Told which commit it looks at as soon as that is known, also where the look then fails. */
  readonly onLooked?: (at: Looked) => void
}

/** The commit that a deployment is about, before it is pulled. */
export type Looked = Pick<Pull, 'after' | 'subject' | 'author'>

/**
 * Skips a push of an app that is held, or that would bring back held content; fails with `held` where a person asked. Belongs before
 * `gitPull`, as a folder that is mounted would show held content as soon as the tree moves. A way back passes.
 */
export function refuseHeld({
  git = simpleGit(),
  compose = composeCli(),
  files = nodeFiles(),
  folders = temporaryFolders(),
  clock = systemClock(),
  random = Math.random,
  onLooked = ignore,
}: RefuseHeldOptions = {}): Step<{ app: App; push: Push; deployment?: string }> {
  return step('refuseHeld', async (ctx, run) => {
    const { app, push, deployment } = ctx
    if (push.manual?.rollback) return
    await refuseUnfinished(app, deployment, git, run)
    const holds = await git.holds(app.path, app.name, run)
    if (holds.app) {
      return refuse(app, push, { because: describeHold(holds.app), commit: push.after, isWhole: true })
    }
    if (holds.content.length === 0) return
    const held = await heldAhead(ctx, holds, { git, compose, files, folders, clock, random, onLooked }, run)
    if (deployment !== undefined && held?.deployment === deployment) {
      throw await failedBefore({ app, deployment, holds }, { git, onLooked }, run)
    }
    return held && refuse(app, push, held)
  })
}

interface Refused {
  /** Such as `held because web at 0123456 failed: web is unhealthy`. */
  readonly because: string
  readonly commit: string | undefined
  /** Somebody holds the app, whatever is pushed. */
  readonly isWhole?: true
  /** Id of the deployment that failed with it. */
  readonly deployment?: string | undefined
}

function refuse({ name }: App, { manual }: Push, { because, commit, isWhole }: Refused): Skip {
  if (!manual) return skip(because, commit === undefined ? {} : { commit })
  throw new DeployError('held', `Cannot deploy ${name}: it is ${because}`, {
    hint: `${isWhole ? 'End' : 'Push a fix, or end'} the hold with: fairway unhold ${shellWord(name)}`,
  })
}

/** Its process ended after all was rolled back, and before that was recorded. */
async function failedBefore(
  { app, deployment, holds }: { readonly app: App; readonly deployment: string; readonly holds: Holds },
  { git, onLooked }: Required<Pick<RefuseHeldOptions, 'git' | 'onLooked'>>,
  run: Run,
): Promise<Error> {
  const held = holds.content.filter((one) => one.deployment === deployment)
  // A newer tip may bring the same again: it is not what failed.
  if (held[0]) onLooked({ after: held[0].commit })
  const commit = (await git.readState(app.path, app.name, run))?.commit ?? ''
  const error = new DeployError('held', held[0]?.reason ?? 'its attempt before failed')
  return rolledBack({ app, error, release: { commit }, held })
}

/** What of the tip is held. Nothing is said of what another step says again. */
async function heldAhead(
  ctx: { app: App; push: Push },
  holds: Holds,
  { onLooked, ...options }: LookAheadOptions & Required<Pick<RefuseHeldOptions, 'onLooked'>>,
  given: Run,
): Promise<Refused | undefined> {
  const cleanups: (() => unknown)[] = []
  const defer: Run['defer'] = (cleanup) => void cleanups.push(() => cleanup('success'))
  const run: Run = { ...given, log: silent, memory: new Map(), defer }
  try {
    const found = await lookAhead(options).run(ctx, run)
    if (isSkip(found) || found.ahead.skipped !== undefined) return undefined
    const { seen, pull } = found.ahead
    onLooked(pull)
    const project = await readProject(ctx.app, seen, run)
    const wanted = { app: ctx.app, found: project, commit: pull.after, edits: false }
    const { services } = await desiredState(wanted, seen, run)
    const held = findHeld(holds, contentsOf(services, pull.after))
    return held && { because: describeHeld(held), commit: pull.after, deployment: held.deployment }
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  }
}

const ignore = (): void => {}
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
