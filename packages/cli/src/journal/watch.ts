import type { Claim, Deployment, DeploymentStatus } from '@fairway/server'
import { deploymentLogs } from '@fairway/server/journal'
import type { Needed } from '../executors.ts'
import { exitCodes } from '../exit-codes.ts'
import { runningServer } from '../server-lock.ts'
import { painter } from '../terminal.ts'
import { describeState, nameDeployment } from './describe.ts'
import { followDeployment } from './follow.ts'
import type { RunHereOptions } from './run-here.ts'

export interface WatchOptions extends Omit<RunHereOptions, 'executors'> {
  readonly executors: Needed
  /** Milliseconds without a server after which this process runs them itself: one that restarts goes on with them. */
  readonly grace: number
}

/**
 * Sees deployments to their ends and gives the exit code. While a server runs, it has them, and this only watches; else this
 * process runs what is in nobody's hands, first of all `claimed`, which is in its own.
 */
export async function watch(ids: readonly string[], options: WatchOptions, claimed?: Claim): Promise<number> {
  const { config, journal, executors, terminal, signal, grace } = options
  const say = (line: string): void => void terminal.stderr.write(`${line}\n`)
  const describe = (deployment: Deployment): string => describeState(deployment, painter(terminal))
  const logs = deploymentLogs({ directory: config.server.dataDir })
  /** Exit codes of those that this process ran. */
  const here = new Map<string, number>()
  let tryFrom: number | undefined

  const run = async (claim: Claim): Promise<void> => {
    const { runHere } = await import('./run-here.ts')
    // Of one that could not be recorded that is told.
    here.set(claim.deployment.id, exitCodes.failed)
    here.set(claim.deployment.id, await runHere(claim, { ...options, executors: await executors() }))
  }
  const runIfUnserved = async (deployment: Deployment): Promise<void> => {
    if (await runningServer(config.server.dataDir)) return void (tryFrom = undefined)
    tryFrom ??= performance.now() + grace
    if (performance.now() < tryFrom) return
    const { takeOver } = await import('./take-over.ts')
    const claim = await takeOver(deployment.app, { ...options, executors: await executors() })
    // Another process has it in hand, which may die, too.
    if (!claim) return void (tryFrom = performance.now() + pause)
    say(`No server runs: ${nameDeployment(claim.deployment)} runs in this process.`)
    await run(claim)
  }
  const seeToEnd = async (id: string): Promise<number> => {
    const ended = await followDeployment(id, {
      journal,
      logs,
      signal,
      waiting: runIfUnserved,
      show: (text, of) => void (here.has(of) || terminal.stderr.write(text)),
      superseded: (older) => say(describe(older)),
    })
    if (!here.has(ended.id)) say(describe(ended))
    return isFine(ended.status) ? exitCodes.done : (here.get(ended.id) ?? exitCodes.failed)
  }

  try {
    if (claimed) await run(claimed)
    let worst: number = exitCodes.done
    for (const id of ids) worst = Math.max(worst, await seeToEnd(id))
    return worst
  } catch (error) {
    for (const id of ids) if (!here.has(id)) await sayItGoesOn(id, options)
    if (signal.aborted) return exitCodes.interrupted
    throw error
  }
}

/** Milliseconds between two tries to take a deployment over. */
const pause = 3_000

function isFine(status: DeploymentStatus): boolean {
  return status === 'success' || status === 'skipped'
}

async function sayItGoesOn(id: string, { journal, config, terminal }: WatchOptions): Promise<void> {
  const deployment = await journal.deployment(id)
  if (!deployment || deployment.endedAt !== null) return
  const server = await runningServer(config.server.dataDir)
  const name = nameDeployment(deployment)
  terminal.stderr.write(
    server
      ? `No longer watched; ${name} goes on. To look at it: fairway logs ${id} --follow\nTo end it: fairway cancel ${id}\n`
      : `No longer watched; ${name} waits for the server's next start. To end it: fairway cancel ${id}\n`,
  )
}
