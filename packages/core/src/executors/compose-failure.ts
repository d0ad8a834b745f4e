import { basename } from 'node:path'
import { composeWords } from '../decisions/compose-words.ts'
import { unsetVariable } from '../decisions/unset-variables.ts'
import type { Project } from '../domain/project.ts'
import { DeployError, isDeployError } from '../errors.ts'
import { cleanText } from '../text.ts'
import type { CommandResult } from './process.ts'

/** Compose could not do something with a project, in its last words. */
export function composeFailed(doing: string, { name }: Project, result: CommandResult): DeployError {
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

/** Compose refuses a project's files. */
export function composeRefused({ files }: Project, result: CommandResult): DeployError {
  return new DeployError('compose_invalid', `Compose refuses ${namesOf(files)}: ${lastWords(result)}`, {
    hint: 'Nothing was built or started; check the files with docker compose config',
  })
}

/** Why a project's files could not be read, where even the deadline or the memory for that is not enough. */
export function tooMuchToRead({ files }: Project, error: unknown): unknown {
  if (!isDeployError(error, 'timeout')) return error
  return new DeployError('timeout', `${namesOf(files)} took too much to read: ${error.message}`, {
    hint: 'Nothing was built or started; look for YAML aliases in it that multiply',
    cause: error,
  })
}

/** Not to be reached, or lost in the middle: the last ones come from a build. */
const engineLost =
  /^(Cannot connect to the Docker daemon|error during connect: |failed to (receive status|solve): .*Unavailable.* error reading from server)|docker daemon running/im

function namesOf(files: readonly string[]): string {
  return files.map((file) => basename(file)).join(', ')
}

function lastWords({ stderr, exitCode }: CommandResult): string {
  const said = composeWords(stderr)
  return said === undefined ? `docker compose exited with code ${exitCode}` : cleanText(said, 1_000)
}
