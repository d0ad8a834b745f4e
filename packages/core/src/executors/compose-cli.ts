import { basename } from 'node:path'
import { composeArgs } from '../decisions/compose-args.ts'
import { composeWords } from '../decisions/compose-words.ts'
import { composeEnvironment } from '../decisions/env-keys.ts'
import { readServices } from '../decisions/read-services.ts'
import { readUnset, unsetVariable } from '../decisions/unset-variables.ts'
import type { Project } from '../domain/project.ts'
import { DeployError, isDeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'
import { composeVersion } from './compose-version.ts'
import type { Compose } from './compose.ts'
import { engineEndpoint } from './engine-endpoint.ts'
import { dockerEnvironment, type Environment } from './environment.ts'
import { type Command, type CommandResult, runCommand } from './process.ts'

export interface ComposeCliOptions {
  readonly environment?: Environment
  /** What reading files may take: a small file of YAML aliases could keep Compose busy for minutes, and take gigabytes. */
  readonly reading?: { readonly timeout: number; readonly maxMemory: number }
}

/** The real `docker compose`. Compose sees only an allow-listed part of `environment`, and what the project names. */
export function composeCli({
  environment = process.env,
  reading = { timeout: 60_000, maxMemory: 512 * 1024 ** 2 },
}: ComposeCliOptions = {}): Compose {
  const allowed = dockerEnvironment(environment)
  let endpoint: Promise<string> | undefined

  const docker = (args: readonly string[], rest: Partial<Command>, call?: Call): Promise<CommandResult> =>
    runCommand({ command: 'docker', args, environment: allowed, ...rest }, call)
  const inProject = (
    project: Project,
    args: readonly string[],
    rest: Partial<Command>,
    call?: Call,
  ): Promise<CommandResult> => {
    const visible = { ...allowed, ...composeEnvironment, ...project.environment }
    return docker(args, { directory: project.directory, environment: visible, ...rest }, withoutUnset(call))
  }
  const version = (call?: Call): Promise<string> => composeVersion(allowed, reading.timeout, call)

  return {
    version,

    async engine() {
      try {
        return await (endpoint ??= engineEndpoint(environment))
      } catch (error) {
        // Asked again next time: docker may be there by then.
        endpoint = undefined
        throw error
      }
    },

    async services(project, call = {}) {
      const read = (format: 'json' | 'yaml'): Promise<CommandResult> =>
        inProject(project, composeArgs.config(project, format), reading, call).catch((error: unknown) =>
          Promise.reject(tooMuchToRead(project, error)),
        )
      let format: 'json' | 'yaml' = 'json'
      let result = await read(format)
      // Compose 2.26 can't write a named key of `build.ssh` as JSON.
      if (result.exitCode !== 0 && result.stderr.includes('MarshalJSON'))
        result = await read((format = 'yaml'))
      // Docker itself doesn't know the word `compose`: who asks for the version is told why.
      if (result.exitCode === 125) await version(call)
      if (result.exitCode !== 0) throw refused(project, result)
      const { unset, rest } = readUnset(result.stderr)
      for (const line of rest) call.output?.(line)
      for (const name of unset) call.unset?.(name)
      return readServices(result.stdout, format)
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

/** Compose says with each command which variables have no value; `services` has told, and half a password may stand there. */
function withoutUnset(call: Call = {}): Call {
  const { output, ...rest } = call
  const show = (line: string): void => (unsetVariable(line) === undefined ? output?.(line) : undefined)
  return { ...rest, output: show }
}

/** Fails where even the deadline or the memory for reading is not enough. */
function tooMuchToRead({ files }: Project, error: unknown): unknown {
  if (!isDeployError(error, 'timeout')) return error
  return new DeployError('timeout', `${namesOf(files)} took too much to read: ${error.message}`, {
    hint: 'Nothing was built or started; look for YAML aliases in it that multiply',
    cause: error,
  })
}

function refused({ files }: Project, result: CommandResult): DeployError {
  return new DeployError('compose_invalid', `Compose refuses ${namesOf(files)}: ${lastWords(result)}`, {
    hint: 'Nothing was built or started; check the files with docker compose config',
  })
}

function namesOf(files: readonly string[]): string {
  return files.map((file) => basename(file)).join(', ')
}

function failed(doing: string, { name }: Project, result: CommandResult): DeployError {
  if (engineLost.test(result.stderr)) {
    return new DeployError(
      'docker_unavailable',
      `Cannot ${doing} project ${name}: the Docker engine does not answer`,
      {
        hint: 'Start it, and check that this user may use it: docker run --rm hello-world',
      },
    )
  }
  return new DeployError('compose_failed', `Cannot ${doing} project ${name}: ${lastWords(result)}`, {
    output: result.lastLines.filter((line) => unsetVariable(line) === undefined).slice(-20),
  })
}

/** Not to be reached, or lost in the middle: the last ones come from a build. */
const engineLost =
  /^(Cannot connect to the Docker daemon|error during connect: |failed to (receive status|solve): .*Unavailable.* error reading from server)|docker daemon running/im

function lastWords({ stderr, exitCode }: CommandResult): string {
  const said = composeWords(stderr)
  return said === undefined ? `docker compose exited with code ${exitCode}` : cleanText(said, 1_000)
}
