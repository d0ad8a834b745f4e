import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { DeployError, describeError, isDeployError, runCommand } from '@fairway/core'
import { type Config, ConfigError, explainConfig, loadConfig, serveMistakes } from '@fairway/server'
import { exitCodes } from '../exit-codes.ts'
import { chooseUser } from '../systemd/choose-user.ts'
import { describeService } from '../systemd/describe-service.ts'
import { install, type Machine } from '../systemd/install.ts'
import { systemdUnit } from '../systemd/unit.ts'
import type { Terminal } from '../terminal.ts'
import { readAccounts } from '../users.ts'

export interface SystemdOptions {
  readonly config?: string
  readonly install?: boolean
  readonly user?: string
}

/** Prints a unit for the present configuration, or installs it; 3 where that can't be done. */
export async function systemd(options: SystemdOptions, terminal: Terminal): Promise<number> {
  const { environment, directory, stdout, stderr } = terminal
  const source = { environment, directory, ...(options.config === undefined ? {} : { file: options.config }) }
  const [config, explained] = await Promise.all([loadConfig(source), explainConfig(source)])
  assertServable(config)
  for (const warning of config.warnings) stderr.write(`warning: ${warning}\n`)
  const accounts = await readAccounts()
  const located = { ...config, file: explained.file }
  const uid = process.getuid?.() ?? 0
  const user = await chooseUser({ named: options.user, uid, config: located, accounts, environment })
  const fairway = [process.execPath, ...process.execArgv, resolve(process.argv[1] ?? '')]
  const service = describeService({ config: located, explained, user, accounts, environment, fairway })
  const unit = systemdUnit(service)
  if (options.install !== true) {
    stdout.write(unit)
    return exitCodes.done
  }
  try {
    assertInstallable(uid)
    await install(unit, { service, user, machine: thisMachine(terminal) })
    return exitCodes.done
  } catch (error) {
    if (!isDeployError(error)) throw error
    stderr.write(`fairway: ${describeError(error)}\n`)
    return exitCodes.environment
  }
}

/** That there is no secret yet is no mistake: the unit says where to put it. */
function assertServable(config: Config): void {
  const mistakes = serveMistakes(config).filter(({ path }) => path !== 'webhook.secrets')
  if (mistakes.length > 0) throw new ConfigError(mistakes)
}

function assertInstallable(uid: number): void {
  const print = 'fairway systemd without --install prints the unit'
  // sd_booted(3) asks the same.
  if (!existsSync('/run/systemd/system')) {
    throw new DeployError('files_failed', 'Cannot install: systemd does not run this machine', {
      hint: print,
    })
  }
  if (uid !== 0) {
    throw new DeployError('files_failed', 'Cannot install: only root may', {
      hint: `Run it with sudo --preserve-env; ${print}`,
    })
  }
}

function thisMachine({ environment, stderr }: Terminal): Machine {
  const { PATH = '' } = environment
  return {
    unitFile: '/etc/systemd/system/fairway.service',
    tmpfilesFile: '/etc/tmpfiles.d/fairway.conf',
    runLock: '/run/lock',
    systemctl: (args) =>
      runCommand({ command: 'systemctl', args, environment: { PATH, LC_ALL: 'C.UTF-8' }, timeout: 120_000 }),
    tell: (line) => void stderr.write(`${line}\n`),
  }
}
