import { type DeployErrorCode, describeError, isDeployError, type Logger } from '@fairway/core'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { NotStored, Stopping } from '../receive.ts'
import type { FailureLimit } from './failure-limit.ts'

export interface RefuseOptions {
  readonly failures: FailureLimit
  readonly addressOf: (c: Context) => string
  readonly log: Logger
}

/** Answers for what went wrong: what the sender did in its words, a bug with no more than that it was one. */
export function refuse({ failures, addressOf, log }: RefuseOptions): (error: Error, c: Context) => Response {
  return (error, c) => {
    if (error instanceof NotStored) {
      log.error(`${error.message}: ${describeError(error.cause)}`)
      return busy(c, error.message)
    }
    if (error instanceof Stopping) return busy(c, error.message)
    if (error instanceof HTTPException) {
      return error.status === 503
        ? busy(c, error.message)
        : c.json({ detail: error.message }, error.status as ContentfulStatusCode)
    }
    const status = isDeployError(error) ? statuses.get(error.code) : undefined
    if (status === 401) return unsigned(error.message, c)
    if (status !== undefined) return c.json({ detail: error.message }, status)
    log.error(`Unexpected error in ${c.req.method} ${c.req.routePath}: ${error.stack ?? error.message}`)
    return c.json({ detail: 'Internal Server Error', code: 'internal' }, 500)
  }

  function unsigned(detail: string, c: Context): Response {
    const address = addressOf(c)
    const known = failures.limited(address)
    const wait = failures.failed(address)
    if (wait === undefined) return c.json({ detail }, 401)
    if (!known) log.warn(`Too many failed signatures from ${address}: not logged any more for ${wait} s.`)
    return c.json({ detail: 'Too many failed signatures' }, 429, { 'Retry-After': String(wait) })
  }
}

function busy(c: Context, detail: string): Response {
  return c.json({ detail }, 503, { 'Retry-After': '30' })
}

const statuses: ReadonlyMap<DeployErrorCode, 400 | 401 | 415> = new Map([
  ['signature_missing', 401],
  ['signature_invalid', 401],
  ['payload_invalid', 400],
  ['content_type_unsupported', 415],
])
