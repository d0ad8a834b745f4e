import { Command } from 'commander'
import { addDeploying } from './program/deploying.ts'
import { addJournal } from './program/journal.ts'
import { addSetup } from './program/setup.ts'
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
  const commands = { terminal, exit, shared: () => fairway.opts<{ config?: string }>() }

  addDeploying(fairway, commands)
  addJournal(fairway, commands)
  addSetup(fairway, commands)
  return fairway
}

const exitCodeHelp = `
Exit codes: 0 done (also: nothing to do), 1 the deployment failed or was cancelled, 2 wrong usage or configuration,
3 the environment is not ready (no Docker, no git, checkout, data directory or journal locked), 130 interrupted.`
