import type Docker from 'dockerode'
import { findLeftovers } from '../decisions/find-leftovers.ts'
import type { Container } from '../domain/container.ts'
import type { Leftover } from '../domain/leftover.ts'
import { DeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import { clearLeftover } from './clear-leftover.ts'
import { connectDocker } from './connect-docker.ts'
import { dockerUnavailable } from './docker-unavailable.ts'
import type { Engine } from './engine.ts'
import type { Environment } from './environment.ts'
import { readContainer } from './read-container.ts'
import { readLogs } from './read-logs.ts'

export interface DockerEngineOptions {
  /** Such as `unix:///var/run/docker.sock`; default: where docker's own command would look. */
  readonly endpoint?: string
  readonly environment?: Environment
  /** Milliseconds until an engine that took a question counts as one that doesn't answer. */
  readonly timeout?: number
}

/** The real engine over its API. dockerode is loaded at the first call: importing this package needs none of it. */
export function dockerEngine({
  endpoint,
  environment = process.env,
  timeout = 30_000,
}: DockerEngineOptions = {}): Engine {
  let connected: Promise<Docker> | undefined
  const connect = async (): Promise<Docker> => {
    try {
      return await (connected ??= connectDocker(endpoint, environment))
    } catch (error) {
      // What was missing may be there at the next question.
      connected = undefined
      throw error
    }
  }

  const ask = async <T>(
    { signal }: Call,
    question: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    signal?.throwIfAborted()
    const late = AbortSignal.timeout(timeout)
    const ended = signal ? AbortSignal.any([signal, late]) : late
    try {
      // Not left to dockerode: version() takes no signal, and an answer that breaks off in the middle never ends.
      return await before(
        ended,
        connect().then((docker) => question(docker, ended)),
      )
    } catch (error) {
      signal?.throwIfAborted()
      throw late.aborted ? mute(timeout, error) : dockerUnavailable(error)
    }
  }

  return {
    version: (call = {}) => ask(call, async (docker) => (await docker.version()).Version),

    containers: (project, call = {}) =>
      ask(call, (docker, abortSignal) => list(docker, project, abortSignal)),

    logs: (id, lines, call = {}) =>
      ask(call, async (docker, abortSignal) => {
        const container = docker.getContainer(id)
        const { Config } = await container.inspect({ abortSignal })
        const options = { stdout: true, stderr: true, follow: false, tail: lines, abortSignal } as const
        return readLogs(await container.logs(options), Config.Tty)
      }),

    removeLeftovers: (project, call = {}) =>
      ask(call, async (docker, abortSignal) => {
        const cleared: Leftover[] = []
        for (const leftover of findLeftovers(await list(docker, project, abortSignal))) {
          if (await clearLeftover(docker, leftover, abortSignal)) cleared.push(leftover)
        }
        return cleared
      }),
  }
}

async function list(
  docker: Docker,
  project: string,
  abortSignal: AbortSignal,
): Promise<readonly Container[]> {
  const label = [`com.docker.compose.project=${project}`, 'com.docker.compose.oneoff=False']
  const listed = await docker.listContainers({ all: true, filters: { label }, abortSignal })
  const found = await Promise.all(listed.map(({ Id }) => inspect(docker, Id, abortSignal)))
  return found.filter((container) => container !== undefined)
}

/** A container that went away between the list and this look is left out. */
async function inspect(docker: Docker, id: string, abortSignal: AbortSignal): Promise<Container | undefined> {
  try {
    return readContainer(await docker.getContainer(id).inspect({ abortSignal }))
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined
    throw error
  }
}

async function before<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([answer, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function mute(timeout: number, cause: unknown): DeployError {
  return new DeployError(
    'docker_unavailable',
    `The Docker engine does not answer: it took the question and said nothing for ${timeout / 1000} s`,
    { hint: 'Look whether it hangs: docker version, journalctl --unit docker', cause },
  )
}
