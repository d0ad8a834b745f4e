import type { Probe, ProbeAnswer, ProbeQuestion } from '../executors/probe.ts'

/** A network in memory. */
export interface FakeProbe extends Probe {
  /** What was asked, such as `http 172.18.0.2:8080/healthz` and `tcp 127.0.0.1:5432`. */
  readonly calls: readonly string[]
  /** Sets what is answered at an address, in order; the last one stays. A number is a status of http. */
  readonly answer: (address: string, ...answers: readonly (number | 'connected' | 'silent')[]) => void
}

/** A network in which nobody answers (`connection refused`) but those it is told of. */
export function fakeProbe(): FakeProbe {
  const calls: string[] = []
  const known = new Map<string, (number | 'connected' | 'silent')[]>()
  return {
    calls,
    answer: (address, ...answers) => void known.set(address, [...answers]),
    async ask(question, call) {
      call?.signal?.throwIfAborted()
      const { protocol, host, port, path = '' } = question
      calls.push(`${protocol} ${host}:${port}${path}`)
      const given = known.get(`${host}:${port}`) ?? []
      return toAnswer(given.length > 1 ? given.shift() : given[0], question)
    },
  }
}

function toAnswer(
  given: number | 'connected' | 'silent' | undefined,
  { protocol }: ProbeQuestion,
): ProbeAnswer {
  if (given === undefined) return { ok: false, said: 'connection refused', reached: true }
  if (given === 'silent') return { ok: false, said: 'no answer within 2 s', reached: false }
  if (protocol === 'tcp') return { ok: true, said: 'connected', reached: true }
  if (given === 'connected') return { ok: false, said: 'an answer that is no HTTP', reached: true }
  return { ok: given >= 200 && given < 400, said: `HTTP ${given}`, reached: true }
}
