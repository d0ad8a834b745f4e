import type { Container } from '../domain/container.ts'
import type { ProbeAnswer, ProbeQuestion } from '../executors/probe.ts'
import type { ProbeTarget } from './parse-probe.ts'

/** One round of questions to the replicas of the probed service, all of which run. Times in milliseconds. */
export interface ProbeInput {
  readonly target: ProbeTarget
  readonly replicas: readonly Asked[]
  /** Since all containers were up. */
  readonly elapsed: number
  readonly healthTimeout: number
}

/** A replica with what each question to it brought, in order, up to the first that was answered. */
export interface Asked {
  readonly container: Container
  readonly answers: readonly { readonly question: ProbeQuestion; readonly answer: ProbeAnswer }[]
}

export interface ProbeJudgement {
  readonly verdict: 'waiting' | 'healthy' | 'failed'
  /** Such as `web answers http://web:8080/healthz: HTTP 200 OK`. */
  readonly sentence: string
  /** The containers to look at when it failed. */
  readonly failed: readonly Container[]
  readonly hint?: string
}

/** Whether every replica answers. */
export function judgeProbe({ target, replicas, elapsed, healthTimeout }: ProbeInput): ProbeJudgement {
  const { service, url } = target
  const failed = replicas.filter(({ answers }) => !answers.some(({ answer }) => answer.ok))
  const [first] = failed
  if (replicas.length === 0) {
    return { verdict: 'failed', sentence: `${url} cannot be asked: ${service} has no container`, failed: [] }
  }
  if (!first) {
    const said = replicas[0]?.answers.at(-1)?.answer.said ?? ''
    return { verdict: 'healthy', sentence: `${service} answers ${url}: ${said}`, failed: [] }
  }
  if (first.answers.length === 0) {
    const sentence = `${url} cannot be asked: there is no way to ${first.container.name} from here`
    return { verdict: 'failed', sentence, failed: [], hint: noWay(target) }
  }
  const who =
    replicas.length === 1 ? service : `${first.container.name}, one of ${replicas.length} of ${service},`
  const within = `within ${healthTimeout / 1000} s`
  return {
    verdict: elapsed < healthTimeout ? 'waiting' : 'failed',
    sentence: `${who} did not answer ${url} ${within} of being up; last asked at ${first.answers.map(tell).join(', ')}`,
    failed: failed.map(({ container }) => container),
    ...(first.answers.some(({ answer }) => answer.reached) ? {} : { hint: noWay(target) }),
  }
}

function tell({ question: { host, port, isForwarded }, answer }: Asked['answers'][number]): string {
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return `${where}${isForwarded ? ' (its published port)' : ''}: ${answer.said}`
}

function noWay({ port }: ProbeTarget): string {
  return `Where the engine's networks cannot be reached from here, publish port ${port} of the service on an address that can`
}
