import type { Container } from '../domain/container.ts'
import type { ProbeQuestion } from '../executors/probe.ts'
import type { ProbeTarget } from './parse-probe.ts'

export interface ProbeQuestionsInput {
  readonly target: ProbeTarget
  readonly container: Container
  /** Where the engine is, such as `unix:///run/docker.sock` or `ssh://ops@far`. */
  readonly engine: string
  /** This process runs in a container: its loopback is not the host's. */
  readonly isContained: boolean
}

/** Where to ask a container, in order: at its own addresses, then at what it publishes. None: there is no way to it. */
export function probeQuestions(input: ProbeQuestionsInput): readonly ProbeQuestion[] {
  const { target, container, engine, isContained } = input
  const { protocol, service, port, path } = target
  const about = protocol === 'http' ? { protocol, path, hostHeader: `${service}:${port}` } : { protocol }
  const host = engineHost(engine)
  // The same address may be another container's here.
  const own = host === undefined ? ownAddresses(container, isContained) : []
  const published = (container.ports ?? [])
    .filter((candidate) => candidate.port === port)
    .map(({ publishedAt, publishedPort }) => ({
      ...about,
      host: isAny(publishedAt) ? (host ?? '127.0.0.1') : publishedAt,
      port: publishedPort,
      isForwarded: true,
    }))
    .filter((question) => isReachable(question.host, { isRemote: host !== undefined, isContained }))
  return [...own.map((address) => ({ ...about, host: address, port })), ...published.slice(0, 1)]
}

function ownAddresses({ addresses = [], onHostNetwork }: Container, isContained: boolean): readonly string[] {
  if (!onHostNetwork) return addresses
  return isContained ? [] : ['127.0.0.1']
}

/** The machine of an engine that is elsewhere; undefined for one behind a socket. */
function engineHost(engine: string): string | undefined {
  const url = /^(tcp|ssh|https?):/.test(engine) ? URL.parse(engine) : null
  const host = url?.hostname.replace(/^\[(.*)\]$/, '$1') ?? ''
  return host === '' || isLoopback(host) ? undefined : host
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1' || host === 'localhost'
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || address === ''
}

/** A loopback is that of the machine that publishes: asked from elsewhere, something else would answer. */
function isReachable(
  host: string,
  { isRemote, isContained }: { readonly isRemote: boolean; readonly isContained: boolean },
): boolean {
  return !isLoopback(host) || (!isRemote && !isContained)
}
