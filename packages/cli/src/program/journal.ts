import type { Command } from 'commander'
import type { LogsOptions } from '../commands/logs.ts'
import type { StatusOptions } from '../commands/status.ts'
import type { WhyOptions } from '../commands/why.ts'
import type { ListArguments } from '../list-options.ts'
import type { Commands } from './commands.ts'

type Given<Options> = Omit<Options, 'config'>

/** The commands that read the journal, or write into it what a running server then does. */
export function addJournal(fairway: Command, { terminal, exit, shared }: Commands): void {
  fairway
    .command('status')
    .description(
      'where each app stands: deployed commit, last deployment, what runs, waits or is held, releases to go back to',
    )
    .argument('[app]', 'only this app')
    .option('--json', 'one JSON document on stdout')
    .action(async (app: string | undefined, options: Given<StatusOptions>) => {
      const { status } = await import('../commands/status.ts')
      exit(await status(app, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('why')
    .description(
      'which commit, delivery, deployment and reason made the containers of a service that are there now',
    )
    .argument('<app>', 'name of the app in the configuration')
    .argument('<service>', 'as its Compose file names it')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', whyHelp)
    .action(async (app: string, service: string, options: Given<WhyOptions>) => {
      const { why } = await import('../commands/why.ts')
      exit(await why(app, service, { ...shared(), ...options }, terminal))
    })

  list(fairway, 'deployments', 'list deployments, newest first')
    .argument('[app]', 'only those of this app')
    .action(async (app: string | undefined, options: Given<ListArguments>) => {
      const { deployments } = await import('../commands/deployments.ts')
      exit(await deployments(app, { ...shared(), ...options }, terminal))
    })

  list(fairway, 'deliveries', 'list verified deliveries, newest first, and what became of them').action(
    async (options: Given<ListArguments>) => {
      const { deliveries } = await import('../commands/deliveries.ts')
      exit(await deliveries({ ...shared(), ...options }, terminal))
    },
  )

  fairway
    .command('logs')
    .description('print the log of a deployment')
    .argument('<deployment>', deploymentId)
    .option('-f, --follow', 'go on until the deployment has ended')
    .option('--json', 'one JSON document on stdout')
    .action(async (deployment: string, options: Given<LogsOptions>) => {
      const { logs } = await import('../commands/logs.ts')
      exit(await logs(deployment, { ...shared(), ...options }, terminal))
    })

  fairway
    .command('replay')
    .description('process a stored delivery again, and watch what comes of it')
    .argument('<delivery>', 'id as `fairway deliveries` shows it; four characters are enough')
    .action(async (delivery: string) => {
      const { replay } = await import('../commands/replay.ts')
      exit(await replay(delivery, shared(), terminal))
    })

  fairway
    .command('cancel')
    .description('end a deployment that waits or runs')
    .argument('<deployment>', deploymentId)
    .action(async (deployment: string) => {
      const { cancel } = await import('../commands/cancel.ts')
      exit(await cancel(deployment, shared(), terminal))
    })

  fairway
    .command('backup')
    .description('write a consistent copy of the journal to a new file; the server may run')
    .argument('<file>', 'a file that is not there yet')
    .action(async (file: string) => {
      const { backup } = await import('../commands/backup.ts')
      exit(await backup(file, shared(), terminal))
    })
}

const whyHelp = `
A container that later deployments kept names the one that made it. One that no deployment made is told as such.
Exit codes: 0 also where the service has no container now, 2 unknown app or service, 3 no Docker.`

const deploymentId = 'id as `fairway deployments` shows it; four characters are enough'

function list(fairway: Command, name: string, description: string): Command {
  return fairway
    .command(name)
    .description(description)
    .option('--json', 'one JSON document on stdout')
    .option('--limit <number>', 'how many', '50')
    .option('--before <id>', 'only what is older than this one')
}
