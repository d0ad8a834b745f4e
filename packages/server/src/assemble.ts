import { type Clock, describeError, type Logger } from '@fairway/core'
import { assertServable } from './assert-servable.ts'
import { backgroundClock } from './background/background-clock.ts'
import { recover } from './background/recover.ts'
import { startBackground } from './background/start-background.ts'
import { startCatchUp } from './catch-up/catch-up.ts'
import { noticeDocker } from './catch-up/notice-docker.ts'
import { compareConfigs, keepFixed } from './compare-configs.ts'
import type { Config } from './config/config.ts'
import type { Executors } from './executors.ts'
import { followBranches } from './follow-branches.ts'
import { direct, type Direct } from './http/direct.ts'
import { frontDoor } from './http/front-door.ts'
import { type HttpApp, routes } from './http/routes.ts'
import type { Journal } from './journal/journal.ts'
import { memoryJournal } from './journal/memory-journal.ts'
import { learnSecrets } from './learn-secrets.ts'
import type { ServerLogger } from './log/create-logger.ts'
import { deploymentLogs } from './log/deployment-logs.ts'
import { logReload } from './log/log-reload.ts'
import { maskLogger } from './log/mask-logger.ts'
import { narrator, recordEvents } from './log/narrate.ts'
import { reportWaiting } from './log/report-waiting.ts'
import { deployPipeline, type ReceivePipeline, receivePipeline } from './pipelines.ts'
import { checkReadiness } from './readiness.ts'
import { receiver } from './receive.ts'
import { watchRollout } from './watch-rollout.ts'
import { watchWindows } from './watch-window/watch-windows.ts'
import { startWorker } from './worker.ts'

export interface AssembleOptions {
  readonly logger: Logger & Partial<ServerLogger>
  readonly executors: Executors
  /** Default: one in memory. */
  readonly journal?: Journal
  /** The data directory, for a log of each deployment; default: none is kept. */
  readonly logsIn?: string
  /** Paces what the server does by itself. Default: the machine's, whatever clock deployments have. */
  readonly clock?: Clock
}

/** A server without a socket: `app` answers requests, the worker deploys in the background. */
export interface Assembled {
  /** A Hono app, to serve or to mount in another one. */
  readonly app: HttpApp
  /** Answers most deliveries without the app, as it would, at less cost; for a server of Node's, before the app. */
  readonly direct: Direct
  /** Resolves when what an earlier process left unfinished is in the queue again. */
  readonly ready: Promise<void>
  /**
   * Goes on with another configuration, from the next delivery and the next deployment on; what runs is left alone.
   * Throws `ConfigError`, having changed nothing, where a server must not start with it.
   */
  reload(config: Config): void
  /**
   * Takes no more deliveries and no more work. What runs is left to the next start, but for what replaces containers, which is
   * waited for; when `hurry` aborts, that too.
   */
  stop(hurry?: AbortSignal): Promise<void>
  /** The same; then closes the journal. */
  close(hurry?: AbortSignal): Promise<void>
}

/** What a configuration becomes; swapped as a whole, so that nothing sees half of a new one. */
interface Settings {
  readonly config: Config
  readonly pipeline: ReceivePipeline
}

/** Puts a server together from a checked configuration. */
export function assemble(config: Config, options: AssembleOptions): Assembled {
  const { logsIn, clock = backgroundClock() } = options
  const logger = maskLogger(options.logger)
  const executors = noticeDocker(
    { ...options.executors, locks: reportWaiting(options.executors.locks, logger) },
    () => catchUp.doubtDocker(),
  )
  const compose = learnSecrets(executors, logger.mask)
  const journal = options.journal ?? memoryJournal({ clock: executors.clock })
  const { logFormat } = config.server
  const log = narrator(logger, logFormat)
  const events = recordEvents(logger, logFormat)
  const withBranches = followBranches(executors.git, log)
  const logs =
    logsIn === undefined
      ? undefined
      : deploymentLogs({
          directory: logsIn,
          clock: executors.clock,
          redact: logger.redact,
          onFailure: (message) => logger.warn(message),
        })

  const use = (next: Config): Settings => {
    const { secrets, allowUnsigned, ignore } = next
    logger.mask(secrets.map(({ value }) => value))
    // Errors are logged where they happen; the first delivery needn't wait for what can be known before it.
    void withBranches(next.apps)
    const apps = (): ReturnType<typeof withBranches> => withBranches(next.apps)
    return { config: next, pipeline: receivePipeline({ secrets, allowUnsigned, ignore, apps }) }
  }
  let settings = use(config)
  let stopping: Promise<void> | undefined
  let closing: Promise<void> | undefined
  for (const warning of config.warnings) log.warn(warning)

  const ready = takeUp(journal, log)
  const worker = startWorker({
    journal,
    findApp: async (name) => (await withBranches(settings.config.apps)).find((app) => app.name === name),
    pipeline: (rollout, watch, push) =>
      deployPipeline(
        { ...executors, ...watchRollout({ compose, engine: executors.engine }, rollout) },
        {
          wait: true,
          who: 'fairway serve',
          minFree: settings.config.server.disk.minFree,
          redact: logger.redact,
        },
        { push, watch },
      ),
    concurrency: () => settings.config.server.concurrency,
    log,
    ...(logs ? { logs } : {}),
    redact: logger.redact,
    observe(claim, event) {
      if (event.type === 'step-started') windows.began(claim.deployment.app)
      events.step(claim, event)
    },
    onEnd({ deployment }, outcome) {
      catchUp.ended(deployment.app, outcome)
      windows.ended(deployment.app, outcome)
    },
    clock,
  })
  const windows = watchWindows({
    apps: () => settings.config.apps,
    executors: { ...executors, compose },
    journal,
    clock,
    log,
    redact: logger.redact,
    wake: () => worker.wake(),
  })
  const catchUp = startCatchUp({
    ...executors,
    async apps() {
      await ready
      return withBranches(settings.config.apps)
    },
    pause: () => settings.config.server.catchUp,
    journal,
    clock,
    log,
    redact: logger.redact,
    wake: () => worker.wake(),
  })
  const stopBackground = startBackground({
    journal,
    worker,
    ...(logs ? { logs } : {}),
    keep: () => settings.config.server.keep,
    clock,
    log,
  })
  ready.then(
    () => {
      windows.resume()
      return worker.wake()
    },
    (error: unknown) => log.error(`Cannot take up what was interrupted: ${describeError(error)}`),
  )

  const door = frontDoor({
    receive: receiver({
      pipeline: () => settings.pipeline,
      journal,
      worker,
      log,
      together: (say) => logger.together(say),
      redact: logger.redact,
      told: events.delivery,
      stopping: () => stopping !== undefined,
    }),
    trustedProxies: () => settings.config.server.trustedProxies,
    log,
  })
  const app = routes({
    door,
    readiness: () => checkReadiness(executors, journal, { stopping: stopping !== undefined }),
    statusPage: () => settings.config.server.statusPage,
    log,
  })
  const stop = (hurry?: AbortSignal): Promise<void> =>
    (stopping ??= ended(worker.close(hurry), windows.stop(), catchUp.stop(), stopBackground()))

  const close = async (hurry?: AbortSignal): Promise<void> => {
    await stop(hurry)
    await tellWaiting(journal, log)
    await journal.close()
  }

  return {
    app,
    direct: direct(door),
    ready,
    reload(next) {
      const before = settings.config
      const after = keepFixed(before, next)
      // Both: the one that this server goes on with, and the one that its next start would read.
      assertServable(after)
      assertServable(next)
      const changes = compareConfigs(before, next)
      settings = use(after)
      logReload(changes, { before, after: next }, logger)
      worker.reconsider([...changes.removed, ...changes.changed])
      catchUp.look()
      windows.resume()
    },
    stop,
    close: (hurry) => (closing ??= close(hurry)),
  }
}

async function takeUp(journal: Journal, log: Logger): Promise<void> {
  await recover(journal, log)
}

async function ended(...ends: readonly Promise<void>[]): Promise<void> {
  await Promise.all(ends)
}

async function tellWaiting(journal: Journal, log: Logger): Promise<void> {
  try {
    const statuses = ['queued', 'interrupted'] as const
    const all = await Promise.all(statuses.map((status) => journal.deployments({ status, limit: 1_000 })))
    const names = new Set(all.flat().map(({ app }) => app))
    if (names.size > 0) log.info(`Deployments that wait for the next start: ${[...names].join(', ')}`)
  } catch (error) {
    log.warn(`Cannot say which deployments wait for the next start: ${describeError(error)}`)
  }
}
