import { composeEnvironment } from '../decisions/env-keys.ts'
import { unsetVariable } from '../decisions/unset-variables.ts'
import type { Project } from '../domain/project.ts'
import type { Call } from '../run.ts'
import { relocatedCommand, toldAsMeant } from './compose-relocated.ts'
import type { RelocatedCall } from './compose.ts'
import { composeProgram } from './compose-program.ts'
import type { Environment } from './environment.ts'
import { type Command, type CommandResult, runCommand } from './process.ts'

/** Runs Compose in a project's folder. */
export type RunCompose = (
  project: Project,
  args: readonly string[],
  rest: Partial<Command>,
  call?: RelocatedCall,
) => Promise<CommandResult>

/** Compose with what it may see of the environment, and what the project names. */
export function composeRunner(allowed: Environment, pluginFolders: readonly string[]): RunCompose {
  return async (project, args, rest, call) => {
    const [command, ...first] = await composeProgram(allowed, pluginFolders)
    const result = await runCommand(
      {
        command,
        called: 'docker compose',
        environment: { ...allowed, ...composeEnvironment, ...project.environment, ...asProgram },
        ...relocatedCommand({ args: [...first, ...args], directory: project.directory }, call?.relocation),
        ...rest,
      },
      withoutUnset(call),
    )
    return toldAsMeant(result, call?.relocation)
  }
}

/** With this one the plugin believes that docker has started it. */
const asProgram: Environment = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: undefined }

/** Compose says with each command which variables have no value; reading has told, and half a password may stand there. */
function withoutUnset({ output, ...rest }: Call = {}): Call {
  const show = (line: string): void => (unsetVariable(line) === undefined ? output?.(line) : undefined)
  return { ...rest, output: show }
}
