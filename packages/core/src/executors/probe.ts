import type { Call } from '../run.ts'

/** One question to one address. */
export interface ProbeQuestion {
  readonly protocol: 'http' | 'tcp'
  /** An IP address. */
  readonly host: string
  readonly port: number
  /** For http; with the query. */
  readonly path?: string
  /** What http calls the host that it asks, such as `web:8080`. */
  readonly hostHeader?: string
  /** Somebody else takes connections for it, and ends them where nobody is behind. */
  readonly isForwarded?: boolean
}

export interface ProbeAnswer {
  /** http: 200 to 399, a redirect being an answer that isn't followed; tcp: it took the connection. */
  readonly ok: boolean
  /** Such as `HTTP 500 Internal Server Error` or `connection refused`. */
  readonly said: string
  /** False where there was no way to that address, or nothing came back. */
  readonly reached: boolean
}

/** Asks over the network whether something answers. */
export interface Probe {
  /** Asks once, for two seconds at most; rejects only when it is cancelled. */
  ask(question: ProbeQuestion, call?: Call): Promise<ProbeAnswer>
}
