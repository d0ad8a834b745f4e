import type Docker from 'dockerode'
import type { Container } from '../domain/container.ts'
import { connectDocker, unavailable } from './connect-docker.ts'
import type { Engine } from './engine.ts'
import type { Environment } from './environment.ts'
import { readContainer } from './read-container.ts'
import { readLogs } from './read-logs.ts'

export interface DockerEngineOptions {
  /** Such as `unix:///var/run/docker.sock`; default: where docker's own command would look. */
  readonly endpoint?: string
  readonly environment?: Environment
}

/** The real engine over its API. dockerode is loaded at the first call: importing this package needs none of it. */
export function dockerEngine({ endpoint, environment = process.env }: DockerEngineOptions = {}): Engine {
  let connected: Promise<Docker> | undefined

  const ask = async <T>(
    question: (docker: Docker) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> => {
    signal?.throwIfAborted()
    const docker = await (connected ??= connectDocker(endpoint, environment))
    try {
      return await question(docker)
    } catch (error) {
      signal?.throwIfAborted()
      throw unavailable(error)
    }
  }

  return {
    // dockerode's version() takes no signal; a socket that accepts and never answers must not keep us.
    version: ({ signal } = {}) =>
      ask(async (docker) => (await withSignal(docker.version(), signal)).Version, signal),

    containers: (project, { signal } = {}) =>
      ask(async (docker) => {
        const label = [`com.docker.compose.project=${project}`, 'com.docker.compose.oneoff=False']
        const listed = await docker.listContainers({ all: true, filters: { label }, ...aborting(signal) })
        const found = await Promise.all(listed.map(({ Id }) => inspect(docker, Id, signal)))
        return found.filter((container) => container !== undefined)
      }, signal),

    logs: (id, lines, { signal } = {}) =>
      ask(async (docker) => {
        const container = docker.getContainer(id)
        const { Config } = await container.inspect(aborting(signal))
        const options = {
          stdout: true,
          stderr: true,
          follow: false,
          tail: lines,
          ...aborting(signal),
        } as const
        return readLogs(await container.logs(options), Config.Tty).slice(-lines)
      }, signal),
  }
}

/** A container that went away between the list and this look is left out. */
async function inspect(
  docker: Docker,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Container | undefined> {
  try {
    return readContainer(await docker.getContainer(id).inspect(aborting(signal)))
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined
    throw error
  }
}

function aborting(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {}
}

async function withSignal<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([answer, promise]).finally(() => signal.removeEventListener('abort', abort))
}
