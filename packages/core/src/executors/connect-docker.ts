import type Docker from 'dockerode'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeployError } from '../errors.ts'
import { engineEndpoint } from './engine-endpoint.ts'
import type { Environment } from './environment.ts'

/** Loads dockerode and points it at the engine; nothing is sent yet. */
export async function connectDocker(endpoint: string | undefined, environment: Environment): Promise<Docker> {
  const { default: Dockerode } = await loadDockerode()
  const options = await dockerOptions(endpoint ?? (await engineEndpoint(environment)), environment)
  // What isn't named here dockerode takes from this process's own DOCKER_HOST and DOCKER_CERT_PATH: another engine's.
  const nothing = { host: undefined, socketPath: undefined, ca: undefined, cert: undefined, key: undefined }
  try {
    return new Dockerode({ ...nothing, ...options })
  } catch (cause) {
    throw unusable('DOCKER_HOST or DOCKER_CERT_PATH is wrong', cause)
  }
}

async function loadDockerode(): Promise<{ readonly default: typeof Docker }> {
  try {
    return await import('dockerode')
  } catch (cause) {
    throw new DeployError(
      'docker_unavailable',
      'Cannot talk to Docker: the package dockerode is not installed',
      { hint: 'Install dockerode beside @fairway/core', cause },
    )
  }
}

/** An endpoint in dockerode's words. */
export async function dockerOptions(
  endpoint: string,
  environment: Environment,
): Promise<Docker.DockerOptions> {
  const [, socketPath] = /^unix:\/\/(.+)$/.exec(endpoint) ?? []
  if (socketPath) return { socketPath }
  const url = URL.parse(endpoint)
  if (!url?.hostname || !['tcp:', 'http:', 'https:', 'ssh:'].includes(url.protocol)) {
    throw unusable(`${endpoint} is no address of an engine`)
  }
  // The brackets of an IPv6 address belong to the URL, not to the address.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (url.protocol === 'ssh:') {
    const agent = environment['SSH_AUTH_SOCK']
    const username = decodeURIComponent(url.username) || environment['USER'] || environment['LOGNAME']
    return {
      protocol: 'ssh',
      host,
      port: url.port || 22,
      ...(username ? { username } : {}),
      ...(agent ? { sshOptions: { agent } } : {}),
    }
  }
  const isSecret = environment['DOCKER_TLS_VERIFY'] || url.port === '2376' || url.protocol === 'https:'
  if (!isSecret) return { protocol: 'http', host, port: url.port || 2375 }
  return { protocol: 'https', host, port: url.port || 2376, ...(await certificates(environment)) }
}

async function certificates({
  DOCKER_CERT_PATH: folder,
}: Environment): Promise<Pick<Docker.DockerOptions, 'ca' | 'cert' | 'key'>> {
  if (!folder) return {}
  try {
    const [ca, cert, key] = await Promise.all(
      ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(join(folder, name))),
    )
    return { ca, cert, key }
  } catch (cause) {
    throw unusable(`no ca.pem, cert.pem and key.pem can be read in ${folder}`, cause)
  }
}

function unusable(why: string, cause?: unknown): DeployError {
  return new DeployError('docker_unavailable', `Cannot talk to Docker: ${why}`, {
    hint: 'Set DOCKER_HOST to unix:///path, tcp://host:port or ssh://user@host, for TLS also DOCKER_CERT_PATH',
    cause,
  })
}
