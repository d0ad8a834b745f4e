import { userInfo } from 'node:os'
import { type App, type Outcome, type Push } from '@fairway/core'
import {
  deployPipeline,
  type Deployed,
  type Executors,
  learnSecrets,
  loadConfig,
  logOutcome,
  realExecutors,
} from '@fairway/server'
import { exitCodeOf, exitCodes, UsageError } from '../exit-codes.ts'
import { showProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

export interface DeployOptions {
  readonly config?: string
  readonly ref?: string
  readonly rebuild?: boolean
}

/** SIGHUP is a closed terminal: Compose must not go on without us. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Deploys an app in this process, under its locks: held by another one, it ends with 3 and names it. */
export async function deploy(name: string, options: DeployOptions, terminal: Terminal): Promise<number> {
  const { environment, directory } = terminal
  const config = await loadConfig({
    environment,
    directory,
    ...(options.config === undefined ? {} : { file: options.config }),
  })
  const app = findApp(name, config.apps)
  const executors = realExecutors(environment)
  // Grows while it runs: what the checkout's .env holds is known once that is read.
  const secrets = config.secrets.map(({ value }) => value)
  const compose = learnSecrets(executors, (more) => void secrets.push(...more))
  await checkEnvironment(executors)

  const interrupted = new AbortController()
  const onInterrupt = (): void => interrupted.abort('interrupted')
  for (const signal of signals) process.once(signal, onInterrupt)
  const progress = showProgress(terminal, secrets)
  try {
    const pipeline = deployPipeline({ ...executors, compose }, { wait: false, who: 'fairway deploy' })
    const outcome = await pipeline.run(
      { app, push: byHand(app, options) },
      { log: progress.log, signal: interrupted.signal, observe: progress.observe },
    )
    logOutcome(name, outcome, progress.log)
    return exitCode(outcome, interrupted.signal)
  } finally {
    progress.close()
    for (const signal of signals) process.off(signal, onInterrupt)
  }
}

function findApp(name: string, apps: readonly App[]): App {
  const app = apps.find((candidate) => candidate.name === name)
  if (app) return app
  const names = apps.map((candidate) => candidate.name).join(', ')
  throw new UsageError(
    `There is no app ${name} in the configuration; there ${names === '' ? 'are none' : `is ${names}`}`,
  )
}

/** Before anything is touched: without an engine the checkout must not move either. */
async function checkEnvironment({ git, compose, engine }: Executors): Promise<void> {
  await Promise.all([git.version(), compose.version(), engine.version()])
}

function byHand({ repository }: App, { ref, rebuild = false }: DeployOptions): Push {
  if (ref === '') throw new UsageError('--ref is empty')
  return {
    repository,
    ref: ref ?? 'HEAD',
    pusher: thisUser(),
    manual: { rebuild, ...(ref === undefined ? {} : { ref }) },
  }
}

function thisUser(): string {
  try {
    return userInfo().username
  } catch {
    // A user without a name, as in containers that are given a number.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

function exitCode(outcome: Outcome<Deployed>, { aborted }: AbortSignal): number {
  switch (outcome.status) {
    case 'success':
    case 'skipped':
      return exitCodes.done
    case 'cancelled':
      return aborted ? exitCodes.interrupted : exitCodes.failed
    case 'failure':
      return exitCodeOf(outcome.error)
  }
}
