import type Docker from 'dockerode'
import { DeployError } from '../errors.ts'
import type { Call } from '../run.ts'
import { connectDocker } from './connect-docker.ts'
import { buildImage } from './docker-build.ts'
import { clearLeftovers, listContainers } from './docker-containers.ts'
import { listImages, removeImages, tagImage, untagImages } from './docker-images.ts'
import { longestGrace, removeContainers } from './docker-remove.ts'
import { dockerUnavailable } from './docker-unavailable.ts'
import type { Engine, ImageBuild } from './engine.ts'
import type { Environment } from './environment.ts'
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

  const asking = async <T>(
    { signal }: Call,
    question: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
    patience: number,
    tooLate: (error: unknown) => DeployError = (error) => mute(patience, error),
  ): Promise<T> => {
    signal?.throwIfAborted()
    const late = AbortSignal.timeout(patience)
    const ended = signal ? AbortSignal.any([signal, late]) : late
    try {
      // Not left to dockerode: version() takes no signal, and an answer that breaks off in the middle never ends.
      return await before(
        ended,
        connect().then((docker) => question(docker, ended)),
      )
    } catch (error) {
      signal?.throwIfAborted()
      throw late.aborted ? tooLate(error) : dockerUnavailable(error)
    }
  }

  const ask = <T>(
    call: Call,
    question: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
    patience = timeout,
  ): Promise<T> => asking(call, question, patience)

  return {
    version: (call = {}) => ask(call, async (docker) => (await docker.version()).Version),

    containers: (project, call = {}) =>
      ask(call, (docker, abortSignal) => listContainers(docker, project, abortSignal)),

    logs: (id, lines, call = {}) =>
      ask(call, async (docker, abortSignal) => {
        const container = docker.getContainer(id)
        const { Config } = await container.inspect({ abortSignal })
        const options = { stdout: true, stderr: true, follow: false, tail: lines, abortSignal } as const
        return readLogs(await container.logs(options), Config.Tty)
      }),

    removeLeftovers: (project, call = {}) =>
      ask(call, (docker, abortSignal) => clearLeftovers(docker, project, abortSignal)),

    images: (wanted, call = {}) =>
      ask(call, (docker, abortSignal) => listImages(docker, wanted, abortSignal)),

    tag: (image, name, call = {}) =>
      ask(call, (docker, abortSignal) => tagImage(docker, image, name, abortSignal)),

    untag: (names, call = {}) => ask(call, (docker, abortSignal) => untagImages(docker, names, abortSignal)),

    removeImages: (ids, call = {}) =>
      ask(call, (docker, abortSignal) => removeImages(docker, ids, abortSignal)),

    async removeContainers(ids, call = {}) {
      const grace = await ask(call, (docker, abortSignal) => longestGrace(docker, ids, abortSignal))
      const remove = (docker: Docker, abortSignal: AbortSignal): Promise<void> =>
        removeContainers(docker, ids, abortSignal)
      await ask(call, remove, grace + timeout)
    },

    storage: (call = {}) =>
      ask(
        call,
        async (docker) => ((await docker.info()) as { readonly DockerRootDir: string }).DockerRootDir,
      ),

    async build(build, { timeout: limit }, call = {}) {
      const { output = () => {} } = call
      const building = (docker: Docker, signal: AbortSignal): Promise<boolean> =>
        buildImage(docker, build, environment, { signal, output })
      return asking(call, building, limit, () => tooLong(build, limit))
    },
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

function tooLong({ service }: ImageBuild, limit: number): DeployError {
  return new DeployError(
    'timeout',
    `The build of ${service} did not end within ${limit / 1000} s and was stopped`,
  )
}
