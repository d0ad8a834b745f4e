import { request } from 'node:http'
import { connect } from 'node:net'
import { cleanText } from '../text.ts'
import type { Probe, ProbeAnswer, ProbeQuestion } from './probe.ts'

/** The real network, without any proxy; `timeout` in milliseconds for each question. */
export function networkProbe({ timeout = 2_000 }: { readonly timeout?: number } = {}): Probe {
  return {
    async ask(question, { signal } = {}) {
      signal?.throwIfAborted()
      const late = AbortSignal.timeout(timeout)
      const ended = signal ? AbortSignal.any([signal, late]) : late
      try {
        return await (question.protocol === 'http' ? askHttp(question, ended) : askTcp(question, ended))
      } catch (error) {
        signal?.throwIfAborted()
        return late.aborted ? silence(timeout) : unanswered(error)
      }
    },
  }
}

function askHttp(question: ProbeQuestion, signal: AbortSignal): Promise<ProbeAnswer> {
  const { host, port, path = '/', hostHeader = `${host}:${port}` } = question
  const headers = { host: hostHeader, 'user-agent': 'fairway', accept: '*/*', connection: 'close' }
  return new Promise((resolve, reject) => {
    // An agent of its own: the global one may be told to go through a proxy.
    const asked = request({ host, port, path, method: 'GET', headers, agent: false, signal })
    asked.once('error', reject)
    asked.once('response', (response) => {
      const { statusCode = 0, statusMessage = '' } = response
      // The body could be endless, and says nothing more.
      response.once('error', () => {}).destroy()
      const said = cleanText(`HTTP ${statusCode} ${statusMessage}`.trim())
      resolve({ ok: statusCode >= 200 && statusCode < 400, said, reached: true })
    })
    asked.end()
  })
}

/** Milliseconds in which a forwarder that found nobody ends the connection it took: Docker's own does so for published ports. */
const secondThoughts = 300

function askTcp({ host, port, isForwarded }: ProbeQuestion, signal: AbortSignal): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal })
    let timer: NodeJS.Timeout | undefined
    const answer = (ok: boolean, said: string): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ ok, said, reached: true })
    }
    socket.once('error', reject)
    socket.once('connect', () => {
      if (!isForwarded) return answer(true, 'connected')
      timer = setTimeout(() => answer(true, 'connected'), secondThoughts)
      // Whatever it says, it is there.
      socket.once('data', () => answer(true, 'connected'))
      socket.once('end', () => answer(false, 'the connection was closed at once'))
    })
    socket.once('close', () => clearTimeout(timer))
  })
}

function silence(timeout: number): ProbeAnswer {
  return { ok: false, said: `no answer within ${timeout / 1000} s`, reached: false }
}

function unanswered(error: unknown): ProbeAnswer {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code.startsWith('HPE_')) return { ok: false, said: 'an answer that is no HTTP', reached: true }
  return { ok: false, said: words[code] ?? cleanText(message), reached: !unreachable.has(code) }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed without an answer',
  EHOSTUNREACH: 'no way to that address',
  ENETUNREACH: 'no way to that address',
  ETIMEDOUT: 'no answer',
}

const unreachable: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EACCES',
  'EPERM',
])
