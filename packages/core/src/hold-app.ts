import type { App } from './domain/app.ts'
import type { Holds } from './domain/release.ts'
import { DeployError } from './errors.ts'
import type { Clock } from './executors/clock.ts'
import type { Git } from './executors/git.ts'
import { simpleGit } from './executors/simple-git.ts'
import { systemClock } from './executors/system-clock.ts'
import type { Call } from './run.ts'

export interface HoldAppOptions extends Pick<Call, 'signal'> {
  readonly git?: Git
  readonly clock?: Clock
  readonly reason?: string
  /** Who holds it, for others to read. */
  readonly by: string
}

export interface UnholdAppOptions extends Pick<Call, 'signal'> {
  readonly git?: Git
}

/** Holds a whole app: whatever is pushed or asked for, but for a way back, isn't deployed until `unholdApp`. Waits for no lock. */
export async function holdApp(
  app: App,
  { git = simpleGit(), clock = systemClock(), by, reason, ...call }: HoldAppOptions,
): Promise<Holds> {
  await requireCheckout(app, git, call)
  const hold = { ...(reason === undefined ? {} : { reason }), by, at: clock.now().toISOString() }
  return git.changeHolds(app.path, app.name, (held) => ({ ...held, app: hold }), call)
}

/** Ends every hold of an app, those on content too; gives what was held. */
export async function unholdApp(
  app: App,
  { git = simpleGit(), ...call }: UnholdAppOptions = {},
): Promise<Holds> {
  await requireCheckout(app, git, call)
  let held: Holds = { content: [] }
  const end = (holds: Holds): Holds => {
    held = holds
    return { content: [] }
  }
  await git.changeHolds(app.path, app.name, end, call)
  return held
}

async function requireCheckout({ name, path }: App, git: Git, call: Call): Promise<void> {
  if (await git.head(path, call)) return
  throw new DeployError(
    'checkout_missing',
    `Cannot hold ${name}, or end a hold of it: ${path} is not the top folder of a git checkout, which keeps the holds`,
    { hint: 'Deploy it once, or set `enabled: false` of the app' },
  )
}
