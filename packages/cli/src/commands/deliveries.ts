import { cleanText } from '@fairway/core/basics'
import type { DeliveryRecord } from '@fairway/server'
import { type Column, table } from '../display/table.ts'
import { ago, localTime } from '../display/when.ts'
import { exitCodes } from '../exit-codes.ts'
import { findDelivery } from '../journal/find.ts'
import { hasJournal, noDeliveryYet, withJournal } from '../journal/open.ts'
import { deliveryRecord } from '../journal/records.ts'
import { shortIds } from '../journal/short-ids.ts'
import { type ListArguments, listOptions } from '../list-options.ts'
import { readConfig } from '../read-config.ts'
import { type Terminal, widthOfOutput } from '../terminal.ts'

/** Lists verified deliveries, newest first, and what became of each. */
export async function deliveries(options: ListArguments, terminal: Terminal): Promise<number> {
  const config = await readConfig(options, terminal)
  const found = hasJournal(config)
    ? await withJournal(config, terminal, async (journal) =>
        journal.deliveries(await listOptions(options, (id) => findDelivery(journal, id))),
      )
    : []
  if (options.json === true) {
    terminal.stdout.write(`${JSON.stringify(found.map(deliveryRecord))}\n`)
  } else {
    const lines = found.length === 0 ? [noDeliveryYet] : show(found, widthOfOutput(terminal))
    terminal.stdout.write(`${lines.join('\n')}\n`)
  }
  return exitCodes.done
}

const columns: readonly Column[] = [
  { title: 'ID' },
  { title: 'AGE' },
  { title: 'RECEIVED', spare: 5 },
  { title: 'EVENT', least: 4, spare: 4 },
  { title: 'REPOSITORY', least: 12, spare: 2 },
  { title: 'REF', least: 6, spare: 1 },
  { title: 'COMMIT', spare: 3 },
  { title: 'DEPLOYMENTS', least: 11 },
]

function show(found: readonly DeliveryRecord[], width: number): readonly string[] {
  const short = shortIds(found.map(({ id }) => id))
  const shortDeployment = shortIds(found.flatMap((delivery) => delivery.deployments))
  const now = new Date()
  const rows = found.map(({ id, receivedAt, event, repository, ref, after, deployments, skipped }) => [
    short(id),
    ago(receivedAt, now),
    localTime(receivedAt),
    cleanText(event),
    cleanText(repository ?? ''),
    cleanText(ref?.replace(/^refs\/(heads|tags)\//, '') ?? ''),
    after?.slice(0, 7) ?? '',
    skipped === null ? deployments.map(shortDeployment).join(' ') : `none: ${cleanText(skipped)}`,
  ])
  return table(columns, rows, width)
}
