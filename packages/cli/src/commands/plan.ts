import { type App, type Outlook, type Plan, planApp } from '@fairway/core'
import { cleanText, keepsAll, shellWord } from '@fairway/core/basics'
import { learnSecrets, planRecord, realExecutors } from '@fairway/server/apps'
import { redact } from '@fairway/server/journal'
import { planSummary } from '../display/plan-summary.ts'
import { type Column, table } from '../display/table.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { checkEnvironment } from '../journal/check-environment.ts'
import { readConfig } from '../read-config.ts'
import { watchSignals } from '../signals.ts'
import { logTo, painter, type Terminal, widthOfOutput } from '../terminal.ts'

export interface PlanOptions {
  readonly config?: string
  readonly ref?: string
  readonly json?: boolean
}

/** Tells what a deployment of an app would do now, and why; changes neither its checkout nor Docker. */
export async function plan(name: string, options: PlanOptions, terminal: Terminal): Promise<number> {
  if (options.ref === '') throw new UsageError('--ref is empty')
  const config = await readConfig(options, terminal)
  const app = findApp(name, config)
  const executors = realExecutors(terminal.environment)
  const secrets = config.secrets.map(({ value }) => value)
  const compose = learnSecrets(executors, (more) => void secrets.push(...more))
  const clean = (text: string): string => redact(text, secrets)
  const log = logTo(terminal)
  const signals = watchSignals()
  try {
    await checkEnvironment(executors)
    const outlook = await planApp(app, {
      ...executors,
      compose,
      wait: false,
      signal: signals.signal,
      log: { ...log, warn: (text) => log.warn(clean(text)), error: (text) => log.error(clean(text)) },
      ...(options.ref === undefined ? {} : { ref: options.ref }),
    })
    const found = planRecord(outlook.plan, clean)
    const held = outlook.held === undefined ? {} : { held: clean(outlook.held) }
    const lines =
      options.json === true
        ? [JSON.stringify({ ...found, ...held })]
        : show(app, { ...outlook, ...held }, found, terminal)
    terminal.stdout.write(`${lines.join('\n')}\n`)
    return exitCodes.done
  } catch (error) {
    if (signals.signal.aborted) return exitCodes.interrupted
    throw error
  } finally {
    signals.ignore()
  }
}

const columns: readonly Column[] = [
  { title: 'SERVICE', least: 8 },
  { title: 'ACTION' },
  { title: 'BECAUSE', least: 20 },
]

function show(
  { name, path }: App,
  { pull, skipped, held, isNew }: Outlook,
  found: Plan,
  terminal: Terminal,
): readonly string[] {
  const { after, ref, subject, author } = pull
  const what = [
    `${name} at ${after.slice(0, 7)}`,
    ...(subject === undefined ? [] : [` ${subject}`]),
    ...(author === undefined ? [] : [` (${author})`]),
    `, ${cleanText(ref)}`,
  ]
  return [
    what.join(''),
    ...(isNew ? [`It is not in ${cleanText(path)} yet: the repository would be cloned there.`] : []),
    ...(skipped === undefined
      ? []
      : [`A push of it would be skipped: ${cleanText(skipped, 1_000)}. Deployed by hand, it would do this:`]),
    ...(held === undefined
      ? []
      : [
          `It is ${cleanText(held, 1_000)}`,
          `It would not be deployed before \`fairway unhold ${shellWord(name)}\`; then it would do this:`,
        ]),
    '',
    ...showServices(found, terminal),
    '',
    keepsAll(found) ? 'Nothing to do' : planSummary(found, false),
  ]
}

const colours = {
  build: 'yellow',
  pull: 'yellow',
  recreate: 'yellow',
  start: 'green',
  restart: 'yellow',
  remove: 'red',
  keep: 'gray',
} as const

/** A service's further reasons stand in lines of their own. */
function showServices({ services }: Plan, terminal: Terminal): readonly string[] {
  const paint = painter(terminal, terminal.stdout)
  const rows = services.flatMap(({ service, action, because }) => {
    const [first = '', ...more] = because.map((sentence) => cleanText(sentence, 1_000))
    const cell = { text: action, paint: (text: string) => paint(colours[action], text) }
    return [[cleanText(service), cell, first], ...more.map((sentence) => ['', '', sentence])]
  })
  return table(columns, rows, widthOfOutput(terminal))
}
