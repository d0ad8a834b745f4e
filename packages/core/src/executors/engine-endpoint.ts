import { readFile, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, basename, join } from 'node:path'
import { DeployError } from '../errors.ts'
import { dockerEnvironment, type Environment } from './environment.ts'
import { runCommand } from './process.ts'

/** Where docker's own command would look for the engine, as one name for one engine from every process. */
export async function engineEndpoint(environment: Environment): Promise<string> {
  const named = environment['DOCKER_HOST'] || undefined
  return normalise(named ?? (await contextEndpoint(environment)) ?? 'unix:///var/run/docker.sock')
}

/** The endpoint of the selected docker context; undefined for the default one. */
async function contextEndpoint(environment: Environment): Promise<string | undefined> {
  const context = environment['DOCKER_CONTEXT'] || (await currentContext(environment))
  if (context === undefined || context === 'default') return undefined
  const { exitCode, stdout } = await runCommand({
    command: 'docker',
    args: ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}', '--', context],
    environment: dockerEnvironment(environment),
    timeout: 10_000,
  })
  if (exitCode === 0) return stdout.trim()
  throw new DeployError(
    'docker_unavailable',
    `Cannot use the docker context ${context}: docker does not know it`,
    {
      hint: 'Choose one of docker context ls, or unset DOCKER_CONTEXT',
    },
  )
}

async function currentContext(environment: Environment): Promise<string | undefined> {
  const folder = environment['DOCKER_CONFIG'] || join(environment['HOME'] || homedir(), '.docker')
  try {
    const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
    const current =
      typeof config === 'object' && config !== null && 'currentContext' in config
        ? config.currentContext
        : undefined
    return typeof current === 'string' ? current : undefined
  } catch {
    // Not there or not readable: docker itself then takes the default context too.
    return undefined
  }
}

/** /run and /var/run are one folder on most machines. */
async function normalise(endpoint: string): Promise<string> {
  if (!endpoint.startsWith('unix://')) return endpoint
  const path = endpoint.slice('unix://'.length)
  const folder = await realpath(dirname(path)).catch(() => dirname(path))
  return `unix://${join(folder, basename(path))}`
}
