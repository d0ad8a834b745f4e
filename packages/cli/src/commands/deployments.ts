import { cleanText } from '@fairway/core/basics'
import type { Config, Deployment, Journal } from '@fairway/server'
import { planSummary } from '../display/plan-summary.ts'
import { paintStatus } from '../display/status.ts'
import { type Column, table } from '../display/table.ts'
import { ago, localTime } from '../display/when.ts'
import { exitCodes } from '../exit-codes.ts'
import { unknownApp } from '../find-app.ts'
import { findDeployment } from '../journal/find.ts'
import { hasJournal, nothingYet, withJournal } from '../journal/open.ts'
import { deploymentRecord } from '../journal/records.ts'
import { shortIds } from '../journal/short-ids.ts'
import { type ListArguments, listOptions } from '../list-options.ts'
import { readConfig } from '../read-config.ts'
import { painter, type Terminal, widthOfOutput } from '../terminal.ts'

/** Lists deployments, newest first; of all apps, or of one. */
export async function deployments(
  app: string | undefined,
  options: ListArguments,
  terminal: Terminal,
): Promise<number> {
  const config = await readConfig(options, terminal)
  const found = hasJournal(config)
    ? await withJournal(config, terminal, (journal) => read(app, options, config, journal))
    : nothingOf(app, config)
  if (options.json === true) {
    terminal.stdout.write(`${JSON.stringify(found.map(deploymentRecord))}\n`)
  } else {
    terminal.stdout.write(`${found.length === 0 ? nothingYet : show(found, app, terminal).join('\n')}\n`)
  }
  return exitCodes.done
}

async function read(
  app: string | undefined,
  options: ListArguments,
  config: Config,
  journal: Journal,
): Promise<readonly Deployment[]> {
  const list = await listOptions(options, (id) => findDeployment(journal, id))
  const found = await journal.deployments({ ...list, ...(app === undefined ? {} : { app }) })
  // One that was taken out of the configuration has its history still.
  return found.length > 0 ? found : nothingOf(app, config)
}

function nothingOf(app: string | undefined, { apps }: Config): readonly Deployment[] {
  const names = apps.map(({ name }) => name)
  if (app !== undefined && !names.includes(app)) throw unknownApp(app, names)
  return []
}

const columns: readonly Column[] = [
  { title: 'ID' },
  { title: 'APP', least: 4 },
  { title: 'STATUS' },
  { title: 'AGE' },
  { title: 'CREATED', spare: 6 },
  { title: 'COMMIT', spare: 1 },
  { title: 'SUBJECT', least: 14, spare: 3 },
  { title: 'AUTHOR', least: 6, spare: 5 },
  { title: 'PLAN', least: 14, spare: 4 },
  { title: 'REASON', least: 14, spare: 2 },
]

function show(found: readonly Deployment[], app: string | undefined, terminal: Terminal): readonly string[] {
  const paint = painter(terminal, terminal.stdout)
  const short = shortIds(found.map(({ id }) => id))
  const now = new Date()
  const rows = found.map((deployment) => [
    short(deployment.id),
    app === undefined ? deployment.app : '',
    { text: deployment.status, paint: paintStatus(deployment.status, paint) },
    ago(deployment.createdAt, now),
    localTime(deployment.createdAt),
    deployment.commit?.slice(0, 7) ?? '',
    cleanText(deployment.subject ?? ''),
    cleanText(deployment.author ?? ''),
    deployment.plan ? planSummary(deployment.plan, deployment.status === 'success') : '',
    cleanText(deployment.reason?.split('\n')[0] ?? ''),
  ])
  return table(columns, rows, widthOfOutput(terminal))
}
