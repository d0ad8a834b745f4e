import { composeArgs } from '../decisions/compose-args.ts'
import { readServices } from '../decisions/read-services.ts'
import type { Project } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'
import type { Compose } from './compose.ts'
import { engineEndpoint } from './engine-endpoint.ts'
import { dockerEnvironment, type Environment } from './environment.ts'
import { type Command, type CommandResult, runCommand } from './process.ts'

/** Milliseconds for reading files: a small file of YAML aliases can keep Compose busy for minutes. */
const readingTimeout = 60_000

/** The real `docker compose`. Compose sees only an allow-listed part of `environment`, and what the project names. */
export function composeCli({
  environment = process.env,
}: { readonly environment?: Environment } = {}): Compose {
  const allowed = dockerEnvironment(environment)
  let endpoint: Promise<string> | undefined

  const docker = (args: readonly string[], rest: Partial<Command>, call?: Call): Promise<CommandResult> =>
    runCommand({ command: 'docker', args, environment: allowed, ...rest }, call)
  const inProject = (
    project: Project,
    args: readonly string[],
    rest: Partial<Command>,
    call?: Call,
  ): Promise<CommandResult> =>
    docker(
      args,
      { directory: project.directory, environment: { ...allowed, ...project.environment }, ...rest },
      call,
    )

  return {
    async version(call) {
      const result = await docker(['compose', 'version', '--short'], { timeout: readingTimeout }, call)
      if (result.exitCode === 0) return result.stdout.trim().replace(/^v/, '')
      throw new DeployError('docker_unavailable', 'Cannot run docker compose: Compose v2 is not installed', {
        hint: 'Install the Compose plugin of Docker (package docker-compose-plugin, or docker-compose-v2)',
        output: result.lastLines.slice(-5),
      })
    },

    async engine() {
      try {
        return await (endpoint ??= engineEndpoint(environment))
      } catch (error) {
        // Asked again next time: docker may be there by then.
        endpoint = undefined
        throw error
      }
    },

    async services(project, call) {
      const result = await inProject(
        project,
        composeArgs.config(project),
        { timeout: readingTimeout, live: 'stderr' },
        call,
      )
      if (result.exitCode === 0) return readServices(result.stdout)
      const said = lastWords(result)
      throw new DeployError('compose_invalid', `Compose refuses ${project.files.join(', ')}: ${said}`, {
        hint: 'Nothing was built or started; check the files with docker compose config',
      })
    },

    async build(project, services, { timeout }, call) {
      const result = await inProject(
        project,
        composeArgs.build(project, services),
        { timeout, live: 'both' },
        call,
      )
      if (result.exitCode !== 0) throw failed(`build ${services.join(', ')} of`, project, result)
    },

    async up(project, { timeout }, call) {
      const result = await inProject(project, composeArgs.up(project), { timeout, live: 'both' }, call)
      if (result.exitCode !== 0) throw failed('bring up', project, result)
    },
  }
}

function failed(doing: string, { name }: Project, result: CommandResult): DeployError {
  if (/Cannot connect to the Docker daemon|docker daemon running/i.test(result.stderr)) {
    return new DeployError(
      'docker_unavailable',
      `Cannot ${doing} project ${name}: the Docker engine does not answer`,
      {
        hint: 'Start it, and check that this user may use it: docker run --rm hello-world',
      },
    )
  }
  return new DeployError('compose_failed', `Cannot ${doing} project ${name}: ${lastWords(result)}`, {
    output: result.lastLines.slice(-20),
  })
}

function lastWords({ stderr, exitCode }: CommandResult): string {
  const last = stderr.split('\n').findLast((line) => line.trim() !== '')
  return last === undefined ? `docker compose exited with code ${exitCode}` : cleanText(last.trim(), 1_000)
}
