import {
  type Config,
  ConfigError,
  loadConfig,
  type Mistake,
  realExecutors,
  serveMistakes,
} from '@fairway/server'
import { checkApp } from '../doctor/check-app.ts'
import { checkClock } from '../doctor/check-clock.ts'
import { checkDockerGroup } from '../doctor/check-docker-group.ts'
import { checkServer } from '../doctor/check-server.ts'
import { checkTools } from '../doctor/check-tools.ts'
import { blocks, type Finding, ok, warning } from '../doctor/finding.ts'
import { remoteOf } from '../doctor/remote-of.ts'
import { exitCodes } from '../exit-codes.ts'
import { painter, type Terminal } from '../terminal.ts'
import { readAccounts } from '../users.ts'

export interface DoctorOptions {
  readonly config?: string
  readonly json?: boolean
}

/** Looks at everything that a deploy needs, and says how to mend what is wrong; 3 when something blocks. */
export async function doctor(
  { config: file, json = false }: DoctorOptions,
  terminal: Terminal,
): Promise<number> {
  const { environment } = terminal
  const executors = realExecutors(environment)
  const accounts = await readAccounts()
  const options = { executors, environment, accounts }
  const { config, findings: configuration } = await readConfig(file, terminal)
  const apps = config?.apps ?? []
  const remotes = await Promise.all(apps.map((app) => remoteOf(app, environment)))
  const found = await Promise.all([
    checkTools(executors),
    checkDockerGroup(environment, accounts),
    checkClock(remotes.filter((remote) => remote !== undefined)),
    config ? checkServer(config, options) : [],
    ...apps.map((app) => checkApp(app, options)),
  ])
  const findings = [...configuration, ...found.flat()]
  print(findings, json, terminal)
  return findings.some(({ level }) => level === 'blocks') ? exitCodes.environment : exitCodes.done
}

async function readConfig(
  file: string | undefined,
  { environment, directory }: Terminal,
): Promise<{ config?: Config; findings: readonly Finding[] }> {
  try {
    const config = await loadConfig({ environment, directory, ...(file === undefined ? {} : { file }) })
    const mistakes = serveMistakes(config).map(toFinding)
    const warnings = config.warnings.map((text) => warning('config', text))
    const fine = mistakes.length + warnings.length === 0 ? [ok('config', config.file ?? 'read')] : []
    return { config, findings: [...fine, ...mistakes, ...warnings] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    // The rest of the machine is looked at all the same.
    return { findings: [...error.mistakes, ...error.serveMistakes].map(toFinding) }
  }
}

function toFinding({ path, message, line }: Mistake): Finding {
  const place = line === undefined ? '' : `line ${line.split(':')[0]}: `
  return blocks('config', `${place}${path === '' ? '' : `${path}: `}${message}`)
}

const marks = { ok: '✔', warning: '!', blocks: '✖' } as const
const colours = { ok: 'green', warning: 'yellow', blocks: 'red' } as const

function print(findings: readonly Finding[], json: boolean, terminal: Terminal): void {
  const { stdout } = terminal
  if (json) {
    const blocked = findings.some(({ level }) => level === 'blocks')
    stdout.write(`${JSON.stringify({ ok: !blocked, findings })}\n`)
    return
  }
  const paint = painter(terminal, stdout)
  for (const { check, level, message, fix } of findings) {
    stdout.write(`${paint(colours[level], marks[level])} ${check}: ${message}\n`)
    if (fix !== undefined) stdout.write(`    ${fix}\n`)
  }
}
