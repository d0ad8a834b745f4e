import type { Outcome } from '@fairway/core'
import {
  type Claim,
  type Config,
  type Deployed,
  deploymentLogs,
  deployPipeline,
  type Executors,
  followBranches,
  type Journal,
  learnSecrets,
  redact,
  runDeployment,
  type RunningDeployment,
  watchJournal,
} from '@fairway/server'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { showProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

export interface RunHereOptions {
  readonly config: Config
  readonly journal: Journal
  readonly executors: Executors
  readonly terminal: Terminal
  /** Aborts when the user wants it to end. */
  readonly signal: AbortSignal
}

/** Milliseconds in which the journal must take how a deployment ended: nobody waits longer at a terminal. */
const patience = 30_000

/**
 * Runs a deployment that this process has in hand, under its locks: held by another process, it fails and names it.
 * Gives the exit code for one that did not succeed: the journal keeps why in words alone.
 */
export async function runHere(claim: Claim, options: RunHereOptions): Promise<number> {
  const { config, journal, executors, terminal, signal } = options
  // Grows while it runs: what the checkout's .env holds is known once that is read.
  const secrets = config.secrets.map(({ value }) => value)
  const compose = learnSecrets(executors, (more) => void secrets.push(...more))
  const clean = (text: string): string => redact(text, secrets)
  const progress = showProgress(terminal, secrets)
  const { log } = progress
  const withBranches = followBranches(executors.git, log)
  let code: number = exitCodes.failed
  let unstored: Error | undefined

  const running = runDeployment(claim, {
    journal,
    pipeline: (_rollout, watch, push) =>
      deployPipeline(
        { ...executors, compose },
        { wait: false, who: 'fairway deploy', minFree: config.server.disk.minFree, redact: clean },
        { push, watch },
      ),
    logs: deploymentLogs({
      directory: config.server.dataDir,
      redact: clean,
      onFailure: (message) => log.warn(message),
    }),
    findApp: async (name) => (await withBranches(config.apps)).find((app) => app.name === name),
    log,
    redact: clean,
    observe: (_claim, event) => progress.observe(event),
    onEnd: (_claim, outcome) => (code = exitCode(outcome)),
    storing: { within: patience, signal },
    onUnstored: (error) => (unstored = error),
    clock: executors.clock,
  })
  const ignore = cancelWhenAsked(claim.deployment.id, running, { ...options, log })
  try {
    await running.done
    if (unstored) throw unstored
    return signal.aborted ? exitCodes.interrupted : code
  } finally {
    await ignore()
    progress.close()
  }
}

/** Ends it when the user interrupts this command, or says `fairway cancel` elsewhere. */
function cancelWhenAsked(
  id: string,
  running: RunningDeployment,
  {
    journal,
    executors: { clock },
    signal,
    log,
  }: RunHereOptions & Pick<Parameters<typeof watchJournal>[0], 'log'>,
): () => Promise<void> {
  const interrupt = (): void => running.cancel('interrupted')
  if (signal.aborted) interrupt()
  signal.addEventListener('abort', interrupt, { once: true })
  const cancel = (asked: string, reason: string): void => {
    if (asked === id) running.cancel(reason)
  }
  const watched = watchJournal({ journal, clock, log, worker: { cancel, wake() {} } })
  return async () => {
    signal.removeEventListener('abort', interrupt)
    await watched.stop()
  }
}

function exitCode(outcome: Outcome<Deployed>): number {
  return outcome.status === 'failure' ? exitCodeOf(outcome.error) : exitCodes.failed
}
