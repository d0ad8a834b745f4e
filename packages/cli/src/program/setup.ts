import type { Command } from 'commander'
import type { SystemdOptions } from '../commands/systemd.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Commands } from './commands.ts'

/** The commands for the configuration and the machine. */
export function addSetup(fairway: Command, { terminal, exit, shared }: Commands): void {
  const secret = fairway.command('secret').description('webhook secrets')
  secret
    .command('new')
    .description('print a new random secret')
    .action(async () => {
      const { secretNew } = await import('../commands/secret-new.ts')
      exit(secretNew(terminal))
    })

  const config = fairway.command('config').description('the configuration')
  config
    .command('check')
    .description('find every mistake in the configuration')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { json?: boolean }) => {
      const { configCheck } = await import('../commands/config-check.ts')
      exit(await configCheck({ ...shared(), ...options }, terminal))
    })

  config
    .command('show')
    .description('print the resolved configuration, secrets masked, and where each value comes from')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { json?: boolean }) => {
      const { configShow } = await import('../commands/config-show.ts')
      exit(await configShow({ ...shared(), ...options }, terminal))
    })

  config
    .command('schema')
    .description('print the JSON Schema of the configuration, for editors')
    .action(async () => {
      const { configJsonSchema } = await import('@fairway/server/explain')
      terminal.stdout.write(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`)
      exit(exitCodes.done)
    })

  fairway
    .command('doctor')
    .description('look at everything a deploy needs, and say how to mend what is wrong')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('../commands/doctor.ts')
      exit(await doctor({ ...shared(), ...options }, terminal))
    })

  fairway
    .command('systemd')
    .description('print a hardened systemd unit for this configuration')
    .option('--install', 'write it to /etc/systemd/system and start it; as root')
    .option('--user <name>', 'user to run as (default: this one; as root the owner of the checkouts)')
    .action(async (options: Omit<SystemdOptions, 'config'>) => {
      const { systemd } = await import('../commands/systemd.ts')
      exit(await systemd({ ...shared(), ...options }, terminal))
    })
}
