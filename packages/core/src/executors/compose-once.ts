import { composeArgs } from '../decisions/compose-args.ts'
import type { Project } from '../domain/project.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'
import { composeFailed } from './compose-failure.ts'
import type { RunCompose } from './compose-runner.ts'
import type { Compose } from './compose.ts'
import type { Environment } from './environment.ts'
import { type CommandResult, runCommand } from './process.ts'

/** `Compose.run`: its container has a fixed name, so that one that a killed process left is found by the next. */
export function composeOnce(run: RunCompose, environment: Environment): Compose['run'] {
  const docker = (args: readonly string[], { children }: Call): Promise<CommandResult> =>
    // Without the run's signal: when that has ended what stood here, it is this that clears up.
    runCommand(
      { command: 'docker', args, environment, called: `docker ${args[0]}`, timeout: 30_000 },
      children ? { children } : {},
    )
  /** Asked to end first: a migration that is told may still roll back. */
  const clear = async (name: string, call: Call): Promise<void> => {
    const found = await docker(['ps', '--all', '--quiet', '--filter', `name=^/${escaped(name)}$`], call)
    if (found.exitCode !== 0 || found.stdout.trim() === '') return
    call.output?.(`Ending ${cleanText(name)}, which nobody waits for`)
    await docker(['stop', '--time', '10', name], call)
    // Started with --rm it goes by itself, perhaps at this moment: what this says then is no failure.
    await docker(['rm', '--force', '--volumes', name], call)
  }

  return async (project, service, { timeout }, call = {}) => {
    call.signal?.throwIfAborted()
    const name = containerName(project, service)
    await clear(name, call)
    const args = composeArgs.run(project, service, name)
    const result = await run(project, args, { timeout, live: 'both' }, call).catch(async (error: unknown) => {
      // Compose leaves the container running when it is ended itself.
      await clear(name, call)
      throw error
    })
    if (result.exitCode !== 0) throw composeFailed(`run ${service} of`, project, result)
  }
}

function containerName({ name }: Project, service: string): string {
  return `${name}-${service}-once`
}

/** A name of Compose's has no other characters that mean something in a pattern. */
function escaped(name: string): string {
  return name.replaceAll('.', String.raw`\.`)
}
