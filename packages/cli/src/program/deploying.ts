import { type Command, Option } from 'commander'
import type { DeployOptions } from '../commands/deploy.ts'
import type { HoldOptions } from '../commands/hold.ts'
import type { PlanOptions } from '../commands/plan.ts'
import type { RollbackOptions } from '../commands/rollback.ts'
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
    .argument('<app>', appName)
    .option('--ref <ref>', 'full ref, branch, tag or full SHA to deploy once (default: the followed branch)')
    .option('--rebuild', 'build every image, changed or not')
    .action(async (app: string, options: Omit<DeployOptions, 'config'>) => {
      const { deploy } = await import('../commands/deploy.ts')
      exit(await deploy(app, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('plan')
    .description('what a deployment would do with each service now, and why; changes nothing')
    .argument('<app>', appName)
    .option('--ref <ref>', 'full ref, branch, tag or full SHA (default: the followed branch)')
    .option('--json', 'the plan as one JSON document on stdout, with `held` where it would not be deployed')
    .addHelpText('after', planHelp)
    .action(async (app: string, options: Omit<PlanOptions, 'config'>) => {
      const { plan } = await import('../commands/plan.ts')
      exit(await plan(app, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('rollback')
    .description('go back to an earlier release and watch it: no network, no build')
    .argument('<app>', appName)
    .option('--to <release>', 'deployment or commit, or four characters of it (default: the release before)')
    .addHelpText('after', rollbackHelp)
    .action(async (app: string, options: Omit<RollbackOptions, 'config'>) => {
      const { rollback } = await import('../commands/rollback.ts')
      exit(await rollback(app, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('hold')
    .description('deploy nothing of an app until `fairway unhold`; only a rollback passes')
    .argument('<app>', appName)
    .option('--reason <reason>', 'what pushes that are held are told (default: held by you)')
    .action(async (app: string, options: Omit<HoldOptions, 'config'>) => {
      const { hold } = await import('../commands/hold.ts')
      exit(await hold(app, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('unhold')
    .description('end every hold of an app: its own, and those on content that failed or was rolled back')
    .argument('<app>', appName)
    .action(async (app: string) => {
      const { unhold } = await import('../commands/unhold.ts')
      exit(await unhold(app, shared(), terminal))
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

const rollbackHelp = `
\`fairway status APP\` shows the releases. The checkout goes back with the containers; data does not. What is left is held: pushes
that would bring it again are skipped until they change it, or until \`fairway unhold APP\`.
Exit codes: as those of deploy; 1 also where there is no such release.`

const appName = 'name of the app in the configuration'
