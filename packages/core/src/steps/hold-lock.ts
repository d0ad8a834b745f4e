import { DeployError } from '../errors.ts'
import type { Clock } from '../executors/clock.ts'
import type { Holder, Lock, Locks } from '../executors/locks.ts'
import type { Run } from '../run.ts'

export interface HoldLockOptions {
  /** Who holds it, for others to read. */
  readonly who: string
  /** Wait for it, or fail with `locked`. */
  readonly wait: boolean
  readonly clock: Clock
  /** The app that needs it, what it protects, such as `its checkout /srv/shop`, and what cannot be done without it: `deploy` unless told. */
  readonly describe: { readonly app: string; readonly what: string; readonly purpose?: string }
}

/** Milliseconds between two looks at a lock that another holds. */
const pause = 200

/** Takes a lock for the rest of a run: given back after everything that is deferred later. */
export async function holdLock(
  locks: Locks,
  what: string,
  options: HoldLockOptions,
  run: Run,
): Promise<void> {
  const lock = await takeWhenFree(locks, what, options, run)
  const unwatch = run.children?.watch((groups) => note(lock, groups, options, run))
  run.defer(() => {
    unwatch?.()
    return lock.release()
  })
}

/** A Compose project's lock: `engine` tells its Docker daemon from others. Docker has one name per project, whatever its case. */
export function projectLockName(engine: string, project: string): string {
  return `project:${engine}/${project.toLowerCase()}`
}

async function takeWhenFree(locks: Locks, what: string, options: HoldLockOptions, run: Run): Promise<Lock> {
  const { who, wait, clock, describe } = options
  const { app, purpose = 'deploy' } = describe
  for (let told: string | undefined; ;) {
    const answer = await locks.take(what, who)
    if (answer.taken) return answer.lock
    const held = `${describe.what} is held by ${nameHolder(answer.holder)}`
    if (!wait) {
      throw new DeployError('locked', `Cannot ${purpose} ${app}: ${held}`, {
        hint: `Try again when that is done; if it never ends, look at process ${answer.holder.pid} and end it`,
      })
    }
    if (held !== told) run.log.info(`${app} waits: ${held}`)
    told = held
    await clock.sleep(pause, run.signal)
  }
}

function nameHolder({ who, pid, since }: Holder): string {
  return `${who} (pid ${pid}) since ${since}`
}

function note(lock: Lock, groups: readonly number[], { describe }: HoldLockOptions, run: Run): void {
  try {
    lock.note(groups)
  } catch (error) {
    // Thrown on, it would leave a command running that nobody waits for.
    const list = groups.join(', ') || 'none'
    run.log.warn(
      `Cannot write down which commands work on ${describe.what} (process groups: ${list}): ${String(error)}\n` +
        `Should this process be killed, end them by hand before the next deploy of ${describe.app}`,
    )
  }
}
