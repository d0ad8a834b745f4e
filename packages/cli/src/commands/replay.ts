import { executorsFor } from '../executors.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { checkEnvironment } from '../journal/check-environment.ts'
import { nameDeployment } from '../journal/describe.ts'
import { findDelivery } from '../journal/find.ts'
import { hasJournal, noDeliveryYet, withJournal } from '../journal/open.ts'
import { watch } from '../journal/watch.ts'
import { readConfig } from '../read-config.ts'
import { runningServer } from '../server-lock.ts'
import { watchSignals } from '../signals.ts'
import type { Terminal } from '../terminal.ts'

/** Processes a stored delivery again, as its host's Redeliver button would, and watches what comes of it. */
export async function replay(
  given: string,
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<number> {
  const config = await readConfig(options, terminal)
  if (!hasJournal(config)) throw new UsageError(`There is no delivery ${given}: ${noDeliveryYet}`)
  const executors = executorsFor(terminal)
  const { stderr } = terminal
  const signals = watchSignals()
  try {
    return await withJournal(config, terminal, async (journal) => {
      const delivery = await findDelivery(journal, given)
      const server = await runningServer(config.server.dataDir)
      if (!server && delivery.skipped === null) await checkEnvironment(await executors())
      const { deployments } = await journal.replay(delivery.id)
      if (deployments.length === 0) {
        stderr.write(`Nothing to deploy: ${delivery.skipped ?? 'it named no app'}\n`)
        return exitCodes.done
      }
      for (const deployment of deployments) {
        const who = server ? `the server (pid ${server.pid}) has it in its queue` : 'no server runs'
        stderr.write(`Made ${nameDeployment(deployment)}: ${who}.\n`)
      }
      const ids = deployments.map(({ id }) => id)
      const grace = server ? 3_000 : 0
      return watch(ids, { config, journal, executors, terminal, signal: signals.signal, grace })
    })
  } finally {
    signals.ignore()
  }
}
