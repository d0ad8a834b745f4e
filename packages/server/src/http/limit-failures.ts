import type { Logger } from '@fairway/core'
import type { Context } from 'hono'
import type { FailureLimit } from './failure-limit.ts'

export interface LimitFailuresOptions {
  readonly failures: FailureLimit
  readonly addressOf: (c: Context) => string
  readonly log: Logger
}

/** Counts an answer of 401 for the address of its sender, and turns it into 429 where there were too many. */
export function limitFailures({
  failures,
  addressOf,
  log,
}: LimitFailuresOptions): (answer: Response, c: Context) => Response {
  return (answer, c) => {
    if (answer.status !== 401) return answer
    const address = addressOf(c)
    const known = failures.limited(address)
    const wait = failures.failed(address)
    if (wait === undefined) return answer
    if (!known) log.warn(`Too many failed signatures from ${address}: not logged any more for ${wait} s.`)
    return c.json({ detail: 'Too many failed signatures' }, 429, { 'Retry-After': String(wait) })
  }
}
