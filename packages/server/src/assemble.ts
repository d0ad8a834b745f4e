import { assertServable } from './assert-servable.ts'
import type { Logger } from '@fairway/core'
import { compareConfigs, keepFixed } from './compare-configs.ts'
import type { Config } from './config/config.ts'
import type { Executors } from './executors.ts'
import { followBranches } from './follow-branches.ts'
import { type HttpApp, routes } from './http/routes.ts'
import type { Journal } from './journal/journal.ts'
import { memoryJournal } from './journal/memory-journal.ts'
import { learnSecrets } from './learn-secrets.ts'
import type { ServerLogger } from './log/create-logger.ts'
import { logReload } from './log/log-reload.ts'
import { maskLogger } from './log/mask-logger.ts'
import { narrator, recordEvents } from './log/narrate.ts'
import { reportWaiting } from './log/report-waiting.ts'
import { deployPipeline, type ReceivePipeline, receivePipeline } from './pipelines.ts'
import { checkReadiness } from './readiness.ts'
import { receive } from './receive.ts'
import { startWorker } from './worker.ts'

export interface AssembleOptions {
  readonly logger: Logger & Partial<ServerLogger>
  readonly executors: Executors
  readonly journal?: Journal
}

/** A server without a socket: `app` answers requests, the worker deploys in the background. */
export interface Assembled {
  /** A Hono app, to serve or to mount in another one. */
  readonly app: HttpApp
  /**
   * Goes on with another configuration, from the next delivery and the next deployment on; what runs is left alone.
   * Throws `ConfigError`, having changed nothing, where a server must not start with it.
   */
  reload(config: Config): void
  /** Takes no more work and waits for the deployments that run; when `hurry` aborts, they are cancelled. */
  close(hurry?: AbortSignal): Promise<void>
}

/** What a configuration becomes; swapped as a whole, so that nothing sees half of a new one. */
interface Settings {
  readonly config: Config
  readonly pipeline: ReceivePipeline
}

/** Puts a server together from a checked configuration. */
export function assemble(config: Config, { journal: given, ...options }: AssembleOptions): Assembled {
  const logger = maskLogger(options.logger)
  const executors = { ...options.executors, locks: reportWaiting(options.executors.locks, logger) }
  const compose = learnSecrets(executors, logger.mask)
  const journal = given ?? memoryJournal({ clock: executors.clock })
  const { logFormat } = config.server
  const log = narrator(logger, logFormat)
  const events = recordEvents(logger, logFormat)
  const withBranches = followBranches(executors.git, log)

  const use = (next: Config): Settings => {
    const { secrets, allowUnsigned, ignore } = next
    logger.mask(secrets.map(({ value }) => value))
    // Errors are logged where they happen; the first delivery needn't wait for what can be known before it.
    void withBranches(next.apps)
    const apps = (): ReturnType<typeof withBranches> => withBranches(next.apps)
    return { config: next, pipeline: receivePipeline({ secrets, allowUnsigned, ignore, apps }) }
  }
  let settings = use(config)
  for (const warning of config.warnings) log.warn(warning)

  const worker = startWorker({
    journal,
    findApp: async (name) => (await withBranches(settings.config.apps)).find((app) => app.name === name),
    pipeline: deployPipeline({ ...executors, compose }, { wait: true, who: 'fairway serve' }),
    concurrency: () => settings.config.server.concurrency,
    log,
    redact: logger.redact,
    observe: events.step,
  })
  const app = routes({
    async receive(incoming) {
      const receipt = await receive(incoming, { pipeline: settings.pipeline, journal, worker, log })
      events.delivery(receipt)
      // It repeats text of the push, which goes through the same mask as everywhere.
      return receipt.skipped === undefined ? receipt : { ...receipt, skipped: logger.redact(receipt.skipped) }
    },
    readiness: () => checkReadiness(executors, journal),
    statusPage: () => settings.config.server.statusPage,
    trustedProxies: () => settings.config.server.trustedProxies,
    log,
  })
  return {
    app,
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
    },
    async close(hurry) {
      await worker.close(hurry)
      const queued = (await journal.deployments({ limit: 1_000 })).filter(({ status }) => status === 'queued')
      const names = new Set(queued.map((deployment) => deployment.app))
      if (names.size > 0) log.warn(`Stopped with deployments still queued: ${[...names].join(', ')}`)
      await journal.close()
    },
  }
}
