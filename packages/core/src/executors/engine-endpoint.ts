import { readFile, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { DeployError } from '../errors.ts'
import { cleanText } from '../text.ts'
import { dockerEnvironment, type Environment } from './environment.ts'
import { runCommand } from './process.ts'

/** Where docker's own command would look for the engine, as one name for one engine from every process. */
export async function engineEndpoint(environment: Environment): Promise<string> {
  const named = environment['DOCKER_HOST'] || undefined
  return normalise(named ?? (await contextEndpoint(environment)) ?? 'unix://')
}

/** The endpoint of the selected docker context; undefined for the default one. */
async function contextEndpoint(environment: Environment): Promise<string | undefined> {
  const context = environment['DOCKER_CONTEXT'] || (await currentContext(environment))
  if (context === undefined || context === 'default') return undefined
  const { exitCode, stdout, lastLines } = await runCommand({
    command: 'docker',
    args: ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}', '--', context],
    environment: dockerEnvironment(environment),
    timeout: 10_000,
  })
  if (exitCode === 0) return stdout.trim()
  throw new DeployError('docker_unavailable', `Cannot use the docker context ${context}: docker refuses it`, {
    hint: 'Choose another one of docker context ls, or unset DOCKER_CONTEXT',
    output: lastLines.map((line) => cleanText(line)),
  })
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

/** /run and /var/run are one folder on most machines, and the socket itself may be a link to another one. */
async function normalise(endpoint: string): Promise<string> {
  if (!endpoint.startsWith('unix://')) return endpoint
  const path = endpoint.slice('unix://'.length) || '/var/run/docker.sock'
  return `unix://${await realpath(path).catch(() => inRealFolder(path))}`
}

/** The name it will have once the engine is started. */
async function inRealFolder(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path))
  return join(folder, basename(path))
}
