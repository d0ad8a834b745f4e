import { setTimeout as delay } from 'node:timers/promises'
import type { Deployment, Journal } from '@fairway/server'
import { recover } from '@fairway/server/journal'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { describeState, nameDeployment } from '../journal/describe.ts'
import { findDeployment } from '../journal/find.ts'
import { hasJournal, nothingYet, withJournal } from '../journal/open.ts'
import { readConfig } from '../read-config.ts'
import { runningServer } from '../server-lock.ts'
import { logTo, painter, type Terminal } from '../terminal.ts'
import { thisUser } from '../this-user.ts'

/** Milliseconds that a run is given to end; what it has started gets some to end by itself. */
const patience = 20_000

/** Ends a deployment: at once where it waits; where it runs, asks whoever runs it, and waits for the end. */
export async function cancel(
  given: string,
  options: { readonly config?: string },
  terminal: Terminal,
): Promise<number> {
  const config = await readConfig(options, terminal)
  if (!hasJournal(config)) throw new UsageError(`There is no deployment ${given}: ${nothingYet}`)
  const { stderr } = terminal
  return withJournal(config, terminal, async (journal) => {
    const { id, endedAt } = await findDeployment(journal, given)
    if (endedAt === null) {
      await journal.cancel(id, `cancelled by ${thisUser()}`)
      // What a dead process has in hand, nobody else would end.
      if (!(await runningServer(config.server.dataDir))) await recover(journal, logTo(terminal))
    } else {
      stderr.write('There is nothing to cancel, it has ended already.\n')
    }
    const deployment = await waitForEnd(journal, id)
    if (deployment.endedAt === null) {
      stderr.write(
        `${nameDeployment(deployment)} was asked to end and still runs; look again with fairway logs ${id} --follow\n`,
      )
      return exitCodes.failed
    }
    stderr.write(`${describeState(deployment, painter(terminal))}\n`)
    return exitCodes.done
  })
}

async function waitForEnd(journal: Journal, id: string): Promise<Deployment> {
  for (const until = performance.now() + patience; ; await delay(100)) {
    const deployment = await findDeployment(journal, id)
    if (deployment.endedAt !== null || performance.now() > until) return deployment
  }
}
