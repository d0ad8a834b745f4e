import { DeployError, isDeployError } from '../errors.ts'
import { cleanText } from '../text.ts'
import type { Commands } from './commands.ts'
import { dockerEnvironment, type Environment } from './environment.ts'
import { runCommand } from './process.ts'

/** Lines of output that a failed command is shown with. */
const shownLines = 20

/** The machine's own programs. They see the same allow-listed part of `environment` as Docker does. */
export function hostCommands({
  environment = process.env,
}: { readonly environment?: Environment } = {}): Commands {
  return {
    async run({ called, program, args, directory, environment: given, timeout }, call) {
      const visible = { ...dockerEnvironment(environment), ...given }
      const started = runCommand(
        { called, command: program, args, directory, environment: visible, timeout, live: 'both' },
        call,
      )
      const { exitCode, lastLines } = await started.catch((error: unknown) =>
        Promise.reject(explain(error, called)),
      )
      if (exitCode === 0) return
      throw new DeployError('hook_failed', `${called} ended with exit code ${exitCode}`, {
        output: lastLines.slice(-shownLines).map((line) => cleanText(line, 1_000)),
      })
    },
  }
}

/** A program that can't be started has nothing to do with Docker or git here. */
function explain(error: unknown, called: string): unknown {
  const cause = isDeployError(error) ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (isDeployError(error, 'checkout_missing')) return error
  if (code === 'ENOENT') {
    return new DeployError('hook_failed', `${called} cannot be started: there is no such program`, {
      hint: 'A name is looked up in the PATH of Fairway, a path in the checkout; the program after #! must be there, too',
      cause,
    })
  }
  if (code === 'EACCES') {
    return new DeployError('hook_failed', `${called} cannot be started: it may not be executed`, {
      hint: 'Let git keep it as executable: git update-index --chmod=+x FILE',
      cause,
    })
  }
  return error
}
