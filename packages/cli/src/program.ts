import { Command, Option } from 'commander'
import type { DeployOptions } from './commands/deploy.ts'
import type { SendOptions } from './commands/send.ts'
import type { SystemdOptions } from './commands/systemd.ts'
import { exitCodes } from './exit-codes.ts'
import type { ServeOptions } from './commands/serve-options.ts'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

/** The whole command line. What a command does is loaded when it runs, so that `--help` is there at once. */
export function program(terminal: Terminal, exit: (code: number) => void): Command {
  const fairway = new Command('fairway')
    .description('Takes a git push to a running Docker Compose app.')
    .version(version)
    .option(
      '--config <file>',
      'configuration file (default: $FAIRWAY_CONFIG, ./fairway.yaml, /etc/fairway/fairway.yaml)',
    )
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .showHelpAfterError('Run fairway --help, or fairway COMMAND --help.')
    .exitOverride()
    .addHelpText('after', exitCodeHelp)
  const shared = (): { config?: string } => fairway.opts<{ config?: string }>()

  fairway
    .command('serve')
    .description('receive webhooks and deploy in the background')
    .option('--host <host>', 'address to listen on')
    .option('--port <number>', 'port to listen on; 0: any free one')
    .addOption(new Option('--log <format>', 'format of the log').choices(['text', 'json']))
    .option('--reload', 'start again when the configuration or the sources change')
    .action(async (options: Omit<ServeOptions, 'config'>) => {
      const { serve } = await import('./commands/serve.ts')
      exit(await serve({ ...shared(), ...options }, terminal))
    })

  fairway
    .command('deploy')
    .description('deploy an app now, and watch it')
    .argument('<app>', 'name of the app in the configuration')
    .option('--ref <ref>', 'full ref, branch, tag or full SHA to deploy once (default: the followed branch)')
    .option('--rebuild', 'build every image, changed or not')
    .action(async (app: string, options: Omit<DeployOptions, 'config'>) => {
      const { deploy } = await import('./commands/deploy.ts')
      exit(await deploy(app, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('send')
    .description('send a signed test push to a server')
    .requiredOption('--url <url>', 'address of the webhook, such as http://127.0.0.1:8000/webhook')
    .requiredOption('--repo <repository>', 'owner/name, or a bare name')
    .option('--ref <ref>', 'full ref or branch', 'refs/heads/main')
    .option('--before <sha>', 'commit before the push')
    .option('--after <sha>', 'commit after the push')
    .option(
      '--secret-file <file>',
      'file with the secret (default: $GITHUB_WEBHOOK_SECRET, then the configuration)',
    )
    .option('--secret <secret>', 'the secret itself; other users of this machine see it in the process list')
    .action(async (options: Omit<SendOptions, 'config'>) => {
      const { send } = await import('./commands/send.ts')
      exit(await send({ ...shared(), ...options }, terminal))
    })

  const secret = fairway.command('secret').description('webhook secrets')
  secret
    .command('new')
    .description('print a new random secret')
    .action(async () => {
      const { secretNew } = await import('./commands/secret-new.ts')
      exit(secretNew(terminal))
    })

  const config = fairway.command('config').description('the configuration')
  config
    .command('check')
    .description('find every mistake in the configuration')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { json?: boolean }) => {
      const { configCheck } = await import('./commands/config-check.ts')
      exit(await configCheck({ ...shared(), ...options }, terminal))
    })

  config
    .command('show')
    .description('print the resolved configuration, secrets masked, and where each value comes from')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { json?: boolean }) => {
      const { configShow } = await import('./commands/config-show.ts')
      exit(await configShow({ ...shared(), ...options }, terminal))
    })

  config
    .command('schema')
    .description('print the JSON Schema of the configuration, for editors')
    .action(async () => {
      const { configJsonSchema } = await import('@fairway/server')
      terminal.stdout.write(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`)
      exit(exitCodes.done)
    })

  fairway
    .command('doctor')
    .description('look at everything a deploy needs, and say how to mend what is wrong')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('./commands/doctor.ts')
      exit(await doctor({ ...shared(), ...options }, terminal))
    })

  fairway
    .command('systemd')
    .description('print a hardened systemd unit for this configuration')
    .option('--install', 'write it to /etc/systemd/system and start it; as root')
    .option('--user <name>', 'user to run as (default: this one; as root the owner of the checkouts)')
    .action(async (options: Omit<SystemdOptions, 'config'>) => {
      const { systemd } = await import('./commands/systemd.ts')
      exit(await systemd({ ...shared(), ...options }, terminal))
    })

  return fairway
}

const exitCodeHelp = `
Exit codes: 0 done (also: nothing to do), 1 the deployment failed or was cancelled, 2 wrong usage or configuration,
3 the environment is not ready (no Docker, no git, checkout or data directory locked), 130 interrupted.`
