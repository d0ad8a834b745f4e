import type Docker from 'dockerode'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployError } from '../errors.ts'
import { engineEndpoint } from './engine-endpoint.ts'
import type { Environment } from './environment.ts'

/** Loads dockerode and points it at the engine; nothing is sent yet. */
export async function connectDocker(endpoint: string | undefined, environment: Environment): Promise<Docker> {
  const { default: Dockerode } = await loadDockerode()
  return new Dockerode(await options(endpoint ?? (await engineEndpoint(environment)), environment))
}

async function loadDockerode(): Promise<{ readonly default: typeof Docker }> {
  try {
    return await import('dockerode')
  } catch (cause) {
    throw new DeployError(
      'docker_unavailable',
      'Cannot talk to Docker: the package dockerode is not installed',
      {
        hint: 'Install dockerode beside @fairway/core',
        cause,
      },
    )
  }
}

async function options(endpoint: string, environment: Environment): Promise<Docker.DockerOptions> {
  if (endpoint.startsWith('unix://')) return { socketPath: endpoint.slice('unix://'.length) }
  if (!URL.canParse(endpoint)) {
    throw new DeployError(
      'docker_unavailable',
      `Cannot talk to Docker: ${endpoint} is no address of an engine`,
      {
        hint: 'Set DOCKER_HOST to unix:///path, tcp://host:port or ssh://user@host',
      },
    )
  }
  const { protocol, hostname: host, port, username } = new URL(endpoint)
  if (protocol === 'ssh:') {
    const agent = environment['SSH_AUTH_SOCK']
    const who = { ...(username ? { username } : {}), ...(agent ? { sshAuthAgent: agent } : {}) }
    return { protocol: 'ssh', host, port: port || 22, ...who }
  }
  const certificates = environment['DOCKER_CERT_PATH']
  if (!environment['DOCKER_TLS_VERIFY'] || !certificates)
    return { protocol: 'http', host, port: port || 2375 }
  const read = (name: string): Promise<Buffer> => readFile(join(certificates, name))
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return { protocol: 'https', host, port: port || 2376, ca, cert, key }
}

/** Why the engine gave no answer, in plain words; its own answers (a status code) go on as they are. */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DeployError || 'statusCode' in error) return error
  const code = 'code' in error ? String(error.code) : ''
  return new DeployError(
    'docker_unavailable',
    `The Docker engine does not answer: ${reasons.get(code)?.[0] ?? error.message}`,
    {
      hint: reasons.get(code)?.[1] ?? 'Check it with: docker version',
      cause: error,
    },
  )
}

const start = 'Start it, for example with: sudo systemctl start docker'
const reasons: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['ENOENT', ['there is no socket', start]],
  ['ECONNREFUSED', ['nothing listens', start]],
  [
    'EACCES',
    [
      'this user may not use it',
      'Add the user to the docker group (sudo usermod -aG docker USER), then log out and in again',
    ],
  ],
])
