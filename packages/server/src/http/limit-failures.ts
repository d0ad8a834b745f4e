import type { Logger } from '@fairway/core'
import type { Answer } from '@fairway/core/webhook'
import type { FailureLimit } from './failure-limit.ts'

export interface LimitFailuresOptions {
  readonly failures: FailureLimit
  readonly log: Logger
}

/** Counts an answer of 401 for the address of its sender, and turns it into 429 where there were too many. */
export function limitFailures({
  failures,
  log,
}: LimitFailuresOptions): (answer: Answer, address: () => string) => Answer {
  return (answer, addressOf) => {
    if (answer.status !== 401) return answer
    const address = addressOf()
    const known = failures.limited(address)
    const wait = failures.failed(address)
    if (wait === undefined) return answer
    if (!known) log.warn(`Too many failed signatures from ${address}: not logged any more for ${wait} s.`)
    return {
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': String(wait) },
      body: JSON.stringify({ detail: 'Too many failed signatures' }),
    }
  }
}
