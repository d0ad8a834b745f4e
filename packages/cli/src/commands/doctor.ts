import { ConfigError, type Config, loadConfig, realExecutors, serveMistakes } from '@fairway/server'
import { checkApp } from '../doctor/check-app.ts'
import { checkServer } from '../doctor/check-server.ts'
import { checkTools } from '../doctor/check-tools.ts'
import { blocks, type Finding, ok, warning } from '../doctor/finding.ts'
import { exitCodes } from '../exit-codes.ts'
import { painter, type Terminal } from '../terminal.ts'

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
  const { config, findings: configuration } = await readConfig(file, terminal)
  const apps = config?.apps ?? []
  const [tools, server, ...checkouts] = await Promise.all([
    checkTools(executors),
    config ? checkServer(config) : [],
    ...apps.map((app) => checkApp(app, executors, environment)),
  ])
  const findings = [...configuration, ...tools, ...server, ...checkouts.flat()]
  print(findings, json, terminal)
  return findings.some(({ level }) => level === 'blocks') ? exitCodes.environment : exitCodes.done
}

async function readConfig(
  file: string | undefined,
  { environment, directory }: Terminal,
): Promise<{ config?: Config; findings: readonly Finding[] }> {
  try {
    const config = await loadConfig({ environment, directory, ...(file === undefined ? {} : { file }) })
    const mistakes = serveMistakes(config).map(({ path, message }) => blocks('config', `${path}: ${message}`))
    const warnings = config.warnings.map((text) => warning('config', text))
    const fine = mistakes.length + warnings.length === 0 ? [ok('config', config.file ?? 'read')] : []
    return { config, findings: [...fine, ...mistakes, ...warnings] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const all = [...error.mistakes, ...error.serveMistakes]
    return {
      findings: all.map(({ path, message }) =>
        blocks('config', path === '' ? message : `${path}: ${message}`),
      ),
    }
  }
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
