import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type DeployErrorCode, isDeployError, type Logger } from '@fairway/core'
import type { Readiness } from '../readiness.ts'
import { type Incoming, NotStored, type Receipt } from '../receive.ts'
import { clientAddress } from './client-address.ts'
import { failureLimit, type FailureLimit } from './failure-limit.ts'

export type HttpApp = Hono

export interface RoutesOptions {
  readonly receive: (incoming: Incoming) => Promise<Receipt>
  readonly readiness: () => Promise<Readiness>
  readonly statusPage: boolean
  /** Addresses and networks whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[]
  readonly failures?: FailureLimit
  readonly log: Logger
}

/** GitHub sends no more than this. */
const maxBody = 25 * 1024 * 1024

/** The HTTP face of the server: each handler calls one function and shapes its answer. */
export function routes({
  receive,
  readiness,
  statusPage,
  trustedProxies,
  failures = failureLimit(),
  log,
}: RoutesOptions): HttpApp {
  const app = new Hono()
  if (statusPage) app.get('/', (c) => c.json({ message: 'Webhook server is running!' }))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    const state = await readiness()
    return c.json(state, state.ready ? 200 : 503)
  })

  const limit = bodyLimit({
    maxSize: maxBody,
    onError: (c) => c.json({ detail: 'The body is larger than 25 MiB' }, 413),
  })
  const addressOf = clientAddress(trustedProxies)
  app.post('/webhook', refuseEncoding, limit, async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer())
    const receipt = await receive({ headers: c.req.header(), body })
    return c.json(answer(receipt), receipt.duplicate || receipt.event === 'ping' ? 200 : 202)
  })

  app.notFound((c) => c.json({ detail: 'Not Found', code: 'not_found' }, 404))
  app.onError((error, c) => {
    if (error instanceof NotStored) {
      log.error(`${error.message}: ${String(error.cause)}`)
      return c.json({ detail: error.message }, 503, { 'Retry-After': '30' })
    }
    const status = isDeployError(error) ? statuses.get(error.code) : undefined
    const wait = status === 401 ? failures.failed(addressOf(c)) : undefined
    if (wait !== undefined) {
      return c.json({ detail: 'Too many failed signatures' }, 429, { 'Retry-After': String(wait) })
    }
    if (status !== undefined) return c.json({ detail: error.message }, status)
    log.error(`Unexpected error in ${c.req.method} ${c.req.routePath}: ${error.stack ?? error.message}`)
    return c.json({ detail: 'Internal Server Error', code: 'internal' }, 500)
  })
  return app
}

/** What is signed are the bytes as sent; unpacking them first would let a few of them fill the memory. */
const refuseEncoding: MiddlewareHandler = async (c, next) => {
  const encoding = c.req.header('content-encoding') ?? 'identity'
  if (encoding !== 'identity') return c.json({ detail: 'Content-Encoding is not supported' }, 415)
  await next()
  return undefined
}

const statuses: ReadonlyMap<DeployErrorCode, ContentfulStatusCode> = new Map([
  ['signature_missing', 401],
  ['signature_invalid', 401],
  ['payload_invalid', 400],
  ['content_type_unsupported', 415],
])

function answer({ id, deployments, duplicate, skipped }: Receipt): object {
  return {
    message: 'Webhook received and processing started in background!',
    delivery: id,
    deployments,
    ...(duplicate ? { duplicate } : {}),
    ...(skipped === undefined ? {} : { skipped }),
  }
}
