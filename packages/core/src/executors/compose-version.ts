import { DeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'
import type { Environment } from './environment.ts'
import { type CommandResult, runCommand } from './process.ts'

/** Compose's version; where there is none, or a v1 alone, `docker_unavailable` with how to get it. */
export async function composeVersion(
  environment: Environment,
  timeout: number,
  call?: Call,
): Promise<string> {
  const ask = (command: string, args: readonly string[]): Promise<CommandResult> =>
    runCommand({ command, args, environment, timeout }, call)
  let missing: unknown
  try {
    const result = await ask('docker', ['compose', 'version', '--short'])
    if (result.exitCode === 0) return result.stdout.trim().replace(/^v/, '')
    missing = new DeployError(
      'docker_unavailable',
      'Cannot run docker compose: Compose v2 is not installed',
      {
        hint: installing,
        output: result.lastLines.slice(-5),
      },
    )
  } catch (error) {
    missing = error
  }
  call?.signal?.throwIfAborted()
  const alone = await standalone(ask)
  if (alone === undefined) throw missing
  throw new DeployError(
    'docker_unavailable',
    alone.startsWith('1.')
      ? `Only docker-compose ${alone} (v1) is installed; Fairway needs Compose v2`
      : `Only docker-compose ${alone} as a program of its own is installed; Fairway needs it as docker compose`,
    { hint: installing, cause: missing },
  )
}

const installing =
  "Install Docker's Compose plugin: sudo apt-get install docker-compose-plugin (Docker's own repository) or docker-compose-v2 (Ubuntu)"

/** The version of a `docker-compose` in PATH. */
async function standalone(
  ask: (command: string, args: readonly string[]) => Promise<CommandResult>,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await ask('docker-compose', ['version', '--short'])
    return exitCode === 0 ? cleanText(stdout.trim().replace(/^v/, '')) : undefined
  } catch {
    // Not there either, or no help: the first failure is the one to tell.
    return undefined
  }
}
