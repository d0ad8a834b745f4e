import { type Command, Option } from 'commander'
import type { DeployOptions } from '../commands/deploy.ts'
import type { PlanOptions } from '../commands/plan.ts'
import type { SendOptions } from '../commands/send.ts'
import type { ServeOptions } from '../commands/serve-options.ts'
import type { Commands } from './commands.ts'

/** The commands that deploy, or have something deployed. */
export function addDeploying(fairway: Command, { terminal, exit, shared }: Commands): void {
  fairway
    .command('serve')
    .description('receive webhooks and deploy in the background')
    .option('--host <host>', 'address to listen on')
    .option('--port <number>', 'port to listen on; 0: any free one')
    .addOption(new Option('--log <format>', 'format of the log').choices(['text', 'json']))
    .option('--reload', 'start again when the configuration or the sources change')
    .action(async (options: Omit<ServeOptions, 'config'>) => {
      const { serve } = await import('../commands/serve.ts')
      exit(await serve({ ...shared(), ...options }, terminal))
    })

  fairway
    .command('deploy')
    .description('deploy an app now and watch it: the server does it where one runs, else this process')
    .argument('<app>', 'name of the app in the configuration')
    .option('--ref <ref>', 'full ref, branch, tag or full SHA to deploy once (default: the followed branch)')
    .option('--rebuild', 'build every image, changed or not')
    .action(async (app: string, options: Omit<DeployOptions, 'config'>) => {
      const { deploy } = await import('../commands/deploy.ts')
      exit(await deploy(app, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('plan')
    .description('what a deployment would do with each service now, and why; changes nothing')
    .argument('<app>', 'name of the app in the configuration')
    .option('--ref <ref>', 'full ref, branch, tag or full SHA (default: the followed branch)')
    .option('--json', 'the plan as one JSON document on stdout')
    .addHelpText('after', planHelp)
    .action(async (app: string, options: Omit<PlanOptions, 'config'>) => {
      const { plan } = await import('../commands/plan.ts')
      exit(await plan(app, { ...shared(), ...options }, terminal))
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
      const { send } = await import('../commands/send.ts')
      exit(await send({ ...shared(), ...options }, terminal))
    })
}

const planHelp = `
Fetches the commit and reads its files in a temporary folder, beside what is not tracked in the checkout, which stays as it is;
so does Docker. Where there is no checkout yet, the repository is cloned into that folder.
Exit codes: 0 also where there is nothing to do, 1 a deployment would fail before it changes anything, and why, 2 unknown app,
3 no Docker, no git, or the checkout is locked by a deployment at work.`
