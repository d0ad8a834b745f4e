import {
  type App,
  type Clock,
  type Container,
  describeError,
  type Logger,
  type Outcome,
  watchApp,
  type Watched,
} from '@fairway/core'
import type { Executors } from '../executors.ts'
import type { Deployment, Journal } from '../journal/journal.ts'
import type { Deployed } from '../pipelines.ts'
import { decideWatch } from './decide-watch.ts'
import { requestWayBack } from './request-way-back.ts'

export interface WatchWindowsOptions {
  /** Apps as they are configured now. */
  readonly apps: () => readonly App[]
  readonly executors: Executors
  readonly journal: Pick<Journal, 'deployments' | 'request' | 'cancel'>
  /** Paces the looks. */
  readonly clock: Clock
  readonly log: Logger
  /** Masks secrets in what a container said. */
  readonly redact: (text: string) => string
  /** Something was queued. */
  readonly wake: () => void
}

/** Watches what was deployed for as long as `rollout.watch` of its app says, and goes back where it turns bad. */
export interface WatchWindows {
  /** Looks for what is still to be watched, of every app. */
  resume(): void
  /** A deployment of the app is at work: what was there is watched no more. */
  began(app: string): void
  ended(app: string, outcome: Outcome<Deployed>): void
  stop(): Promise<void>
}

interface Window {
  readonly controller: AbortController
  readonly done: Promise<void>
}

export function watchWindows(options: WatchWindowsOptions): WatchWindows {
  const { apps, executors, journal, clock, log, redact } = options
  const windows = new Map<string, Window>()
  const ending = new Set<Promise<void>>()
  let isStopped = false

  const open = (name: string, before?: readonly Container[]): void => {
    close(name)
    const app = apps().find((candidate) => candidate.name === name)
    if (isStopped || !app || app.rollout.watch === 0) return
    const controller = new AbortController()
    const done = watch(app, before, controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) log.error(`Cannot watch ${name}: ${redact(describeError(error))}`)
      })
      .finally(() => ending.delete(done))
    ending.add(done)
    windows.set(name, { controller, done })
  }

  const close = (name: string): void => {
    windows.get(name)?.controller.abort(new Error('it is watched no more'))
    windows.delete(name)
  }

  const watch = async (
    app: App,
    before: readonly Container[] | undefined,
    signal: AbortSignal,
  ): Promise<void> => {
    const { name, path, rollout } = app
    const deployments = await journal.deployments({ app: name })
    const found = decideWatch({ deployments, window: rollout.watch, now: executors.clock.now() })
    const state = found && (await executors.git.readState(path, name, { signal }))
    if (!found || !state?.project || state.deployment !== found.deployment.id || signal.aborted) return
    const { deployment, left } = found
    log.info(`${name} is watched for ${Math.ceil(left / 1_000)} s: ${deployment.id} has succeeded.`)
    const watched = await watchApp(app, {
      ...executors,
      clock,
      log,
      signal,
      project: state.project,
      containers: Object.values(state.services).flatMap(({ containers = [] }) => containers),
      ...(before ? { before } : {}),
      during: left,
    })
    if (!signal.aborted) await conclude(app, deployment, watched)
  }

  const conclude = async (app: App, { id, endedAt }: Deployment, watched: Watched): Promise<void> => {
    const { name } = app
    if (watched.verdict === 'fine') return log.info(`${name} is watched no more: all of it stayed well.`)
    if (watched.verdict === 'over') return log.info(`${name} is watched no more: ${watched.sentence}.`)
    const after = Math.round((executors.clock.now().getTime() - Date.parse(endedAt ?? '')) / 1_000)
    const reason = redact(`${watched.sentence}, ${after} s after its deployment succeeded`)
    log.error(`${name} turned bad after ${id} had succeeded: ${redact(describeError(watched.error))}`)
    if (app.rollout.onFailure === 'keep') {
      log.warn(`${name} is left as it is, as \`rollout.onFailure\` is keep: fairway rollback goes back.`)
      return
    }
    await requestWayBack(app, { ...options, watched: id, reason })
  }

  return {
    resume() {
      for (const name of windows.keys()) close(name)
      for (const { name } of apps()) open(name)
    },
    began: close,
    ended(name, outcome) {
      open(name, outcome.status === 'success' ? outcome.ctx.containers : undefined)
    },
    async stop() {
      isStopped = true
      for (const name of windows.keys()) close(name)
      await Promise.all(ending)
    },
  }
}
