import type { Config } from './config/config.ts'
import type { Executors } from './executors.ts'
import { followBranches } from './follow-branches.ts'
import { type HttpApp, routes } from './http/routes.ts'
import type { Journal } from './journal/journal.ts'
import { memoryJournal } from './journal/memory-journal.ts'
import type { ServerLogger } from './log/create-logger.ts'
import { narrator, recordEvents } from './log/narrate.ts'
import { deployPipeline, receivePipeline } from './pipelines.ts'
import { checkReadiness } from './readiness.ts'
import { receive } from './receive.ts'
import { startWorker } from './worker.ts'

export interface AssembleOptions {
  readonly logger: ServerLogger
  readonly executors: Executors
  readonly journal?: Journal
}

/** A server without a socket: `app` answers requests, the worker deploys in the background. */
export interface FairwayServer {
  /** A Hono app, to serve or to mount in another one. */
  readonly app: HttpApp
  /** Takes no more work and waits for the deployments that run; when `hurry` aborts, they are cancelled. */
  close(hurry?: AbortSignal): Promise<void>
}

/** Puts a server together from a checked configuration. */
export function assemble(config: Config, options: AssembleOptions): FairwayServer {
  const { logger, executors, journal = memoryJournal({ clock: executors.clock }) } = options
  const log = narrator(logger, config.server.logFormat)
  const events = recordEvents(logger, config.server.logFormat)
  const apps = followBranches(config.apps, executors.git, log)
  const worker = startWorker({
    journal,
    findApp: async (name) => (await apps()).find((app) => app.name === name),
    pipeline: deployPipeline(executors, { wait: true, who: 'fairway serve' }),
    concurrency: config.server.concurrency,
    log,
    observe: events.step,
  })
  const { secrets, allowUnsigned, ignore } = config
  const pipeline = receivePipeline({ secrets, allowUnsigned, ignore, apps })
  const app = routes({
    async receive(incoming) {
      const receipt = await receive(incoming, { pipeline, journal, worker, log })
      events.delivery(receipt)
      return receipt
    },
    readiness: () => checkReadiness(executors, journal),
    statusPage: config.server.statusPage,
    trustedProxies: config.server.trustedProxies,
    log,
  })
  for (const warning of config.warnings) log.warn(warning)
  return {
    app,
    async close(hurry) {
      await worker.close(hurry)
      const queued = (await journal.deployments({ limit: 1_000 })).filter(({ status }) => status === 'queued')
      const names = new Set(queued.map((deployment) => deployment.app))
      if (names.size > 0) log.warn(`Stopped with deployments still queued: ${[...names].join(', ')}`)
      await journal.close()
    },
  }
}
