import {
  type App,
  type Clock,
  describeError,
  type Engine,
  type Git,
  isDeployError,
  type Logger,
  type Outcome,
  type Tip,
} from '@fairway/core'
import { every } from '../background/every.ts'
import { inParallel } from '../background/in-parallel.ts'
import type { Journal } from '../journal/journal.ts'
import type { Deployed } from '../pipelines.ts'
import { lookAtApp } from './look-at-app.ts'
import { outageFailures } from './outage-failures.ts'
import { watchDocker } from './watch-docker.ts'

export interface CatchUpOptions {
  /** Apps as they are configured now. */
  readonly apps: () => Promise<readonly App[]>
  /** Milliseconds between two looks; 0: never. */
  readonly pause: () => number
  readonly git: Git
  readonly engine: Engine
  readonly journal: Pick<Journal, 'deployments' | 'history' | 'request'>
  readonly clock: Clock
  readonly log: Logger
  /** Masks secrets in what a command said. */
  readonly redact: (text: string) => string
  /** Something was queued. */
  readonly wake: () => void
}

/** Finds what was pushed and never came here, and what failed only because something was away. */
export interface RunningCatchUp {
  /** Looks at every app now. */
  look(): void
  /** Docker may be away. */
  doubtDocker(): void
  /** A deployment of the app has ended. */
  ended(app: string, outcome: Outcome<Deployed>): void
  stop(): Promise<void>
}

/** Remotes that are asked at once. */
const atOnce = 4
/** Milliseconds between two looks at apps whose remote is away. */
const soon = 30_000
/** Milliseconds until a look at whether it is wanted by now. */
const idle = 60_000

export function startCatchUp(options: CatchUpOptions): RunningCatchUp {
  const { apps, pause, git, engine, journal, clock, log, wake, redact } = options
  const failures = outageFailures()
  const troubles = new Map<string, string>()
  const looking = new Set<string>()
  const stopped = new AbortController()
  const isOff = (): boolean => pause() === 0
  /** Apps that are to be brought up, as Docker was away. */
  const down = new Set<string>()
  /** Apps whose way back was finished here: what does not help once does not help for ever. */
  const finished = new Set<string>()
  let dockerCameBack = false

  const docker = watchDocker({
    engine,
    clock,
    log,
    signal: stopped.signal,
    onReturn() {
      dockerCameBack = true
      all.again()
    },
  })

  const lookAt = async (app: App, signal: AbortSignal): Promise<void> => {
    const { name } = app
    if (signal.aborted || looking.has(name)) return
    looking.add(name)
    try {
      const failedByOutage = failures.has(name) && !docker.isAway()
      const found = await lookAtApp(app, {
        git,
        journal,
        failedByOutage,
        dockerCameBack: down.has(name),
        finishesWayBack: !finished.has(name) && !docker.isAway(),
        signal,
      })
      down.delete(name)
      if (troubles.delete(name)) log.info(`The remote of ${name} can be asked again.`)
      if (found.needed && found.again) await bringUp(app, found.reason)
      else if (found.needed && found.tip) await take(app, found.tip, found.reason)
    } catch (error) {
      if (!signal.aborted) tell(name, error)
    } finally {
      looking.delete(name)
    }
  }

  const take = async (app: App, { ref, commit }: Tip, reason: string): Promise<void> => {
    const push = { repository: app.repository, ref, after: commit, pusher: 'fairway' }
    const { id } = await journal.request({ app: app.name, push, reason })
    failures.taken(app.name)
    log.info(`${app.name}: ${commit} of ${ref} is deployed now (${id}): ${reason}.`)
    wake()
  }

  const bringUp = async ({ name, repository }: App, reason: string): Promise<void> => {
    finished.add(name)
    const manual = { rollback: { again: true, reason } } as const
    const push = { repository, ref: 'HEAD', pusher: 'fairway', manual }
    const { id } = await journal.request({ app: name, push, reason })
    failures.taken(name)
    log.info(`${name}: what was deployed last with success is brought up now (${id}): ${reason}.`)
    wake()
  }

  /** Once for each app until it is another error. */
  const tell = (name: string, error: unknown): void => {
    const message = redact(isDeployError(error) ? error.message : describeError(error))
    if (troubles.get(name) !== message) {
      log.warn(`Cannot ask for what may have been missed of ${name}: ${message}`)
    }
    troubles.set(name, message)
  }

  const onError = (error: unknown): void =>
    log.error(`Cannot look for what was missed: ${describeError(error)}`)

  const all = every({ pause: () => pause() || idle, clock, onError }, async (signal) => {
    if (isOff()) return
    docker.doubt()
    const chosen = await apps()
    if (dockerCameBack) for (const { name } of chosen) down.add(name)
    dockerCameBack = false
    const known = new Set(chosen.map(({ name }) => name))
    for (const name of troubles.keys()) if (!known.has(name)) troubles.delete(name)
    for (const name of down) if (!known.has(name)) down.delete(name)
    await inParallel(chosen, atOnce, (app) => lookAt(app, signal))
  })

  /** An outage is over sooner than the next look at all of them. */
  const troubled = every({ pause: () => soon, clock, onError }, async (signal) => {
    if (isOff()) return
    const chosen = (await apps()).filter(({ name }) => troubles.has(name) || failures.has(name))
    await inParallel(chosen, atOnce, (app) => lookAt(app, signal))
  })

  return {
    look: () => all.again(),
    doubtDocker() {
      if (!isOff()) docker.doubt()
    },
    ended: (app, outcome) => failures.ended(app, outcome),
    async stop() {
      stopped.abort()
      await Promise.all([all.stop(), troubled.stop()])
    },
  }
}
