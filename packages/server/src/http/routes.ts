import type { Logger } from '@fairway/core'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { accepts } from 'hono/accepts'
import { HTTPException } from 'hono/http-exception'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { type Readiness, shareReadiness } from '../readiness.ts'
import type { Incoming, Receipt } from '../receive.ts'
import { clientAddress } from './client-address.ts'
import { deliveryHeaders } from './delivery-headers.ts'
import {
  describeDocs,
  describeDocument,
  describeHealth,
  describeReadiness,
  describeStatus,
} from './describe-pages.ts'
import { describeWebhook } from './describe-webhook.ts'
import { docsPage, docsSources } from './docs-page.ts'
import { failureLimit, type FailureLimit } from './failure-limit.ts'
import { openApiDocument } from './open-api-document.ts'
import { bodyReader } from './read-body.ts'
import { refuse } from './refuse.ts'
import { securityHeaders } from './security-headers.ts'

export type HttpApp = Hono

export interface RoutesOptions {
  readonly receive: (incoming: Incoming) => Promise<Receipt>
  readonly readiness: () => Promise<Readiness>
  /** Asked each time, as the next: the configuration may change while the server runs. */
  readonly statusPage: () => boolean
  /** Addresses and networks whose X-Forwarded-For counts. */
  readonly trustedProxies: () => readonly string[]
  readonly failures?: FailureLimit
  readonly log: Logger
}

/** The HTTP face of the server: each handler calls one function and shapes its answer. */
export function routes({
  receive,
  readiness,
  statusPage,
  trustedProxies,
  failures = failureLimit(),
  log,
}: RoutesOptions): HttpApp {
  // A slash too many must not lose a delivery: hosts don't follow redirects.
  const app = new Hono({ strict: false })
  const addressOf = (c: Context): string => clientAddress(trustedProxies())(c)
  app.use(securityHeaders())
  app.use(methodNotAllowed({ app, onMethodNotAllowed }))
  app.notFound((c) => c.json({ detail: 'Not Found', code: 'not_found' }, 404))
  app.onError(refuse({ failures, addressOf, log }))

  const read = bodyReader()
  app.post('/webhook', describeWebhook, refuseEncoding, async (c) => {
    const headers = deliveryHeaders(c.req.raw.headers)
    const quiet = failures.limited(addressOf(c))
    const receipt = await read(c.req.raw, (body) => receive({ headers, body, quiet }))
    return c.json(answer(receipt), receipt.duplicate || receipt.event === 'ping' ? 200 : 202)
  })

  app.get('/', describeStatus, (c) => {
    if (!statusPage()) return c.notFound()
    c.header('Vary', 'Accept')
    const wanted = accepts(c, {
      header: 'Accept',
      supports: ['application/json', 'text/html'],
      default: 'application/json',
    })
    return wanted === 'text/html'
      ? c.redirect(below(c, 'docs'), 303)
      : c.json({ message: 'Webhook server is running!' })
  })
  app.get('/healthz', describeHealth, (c) => c.json({ status: 'ok' }))
  const ask = shareReadiness(readiness)
  app.get('/readyz', describeReadiness, async (c) => {
    const state = await ask()
    return c.json(state, state.ready ? 200 : 503)
  })

  const document = openApiDocument(app)
  app.get('/docs', securityHeaders(docsSources), describeDocs, async (c) =>
    c.html(docsPage(await document(), endsWithSlash(c) ? '../openapi.json' : 'openapi.json')),
  )
  app.get('/openapi.json', describeDocument, async (c) => c.json(await document()))
  return app
}

/** What is signed are the bytes as sent; unpacking them first would let a few of them fill the memory. */
const refuseEncoding: MiddlewareHandler = async (c, next) => {
  const encoding = c.req.header('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') {
    throw new HTTPException(415, { message: 'Content-Encoding is not supported' })
  }
  await next()
}

/** Where a page below the one asked for is: relative, as this app or the proxy before it may stand below a path of another one. */
function below(c: Context, page: string): string {
  return endsWithSlash(c) ? page : `${c.req.path.slice(c.req.path.lastIndexOf('/') + 1)}/${page}`
}

/** By the URL itself: `c.req.path` has lost it. */
function endsWithSlash(c: Context): boolean {
  return new URL(c.req.url).pathname.endsWith('/')
}

function onMethodNotAllowed(c: Context, methods: readonly string[]): Response {
  const allow = methods.join(', ')
  return c.json({ detail: `Only ${allow} is allowed here`, code: 'method_not_allowed' }, 405, {
    Allow: allow,
  })
}

function answer({ id, deployments, duplicate, skipped }: Receipt): object {
  return {
    message: 'Webhook received and processing started in background!',
    delivery: id,
    deployments,
    ...(duplicate ? { duplicate } : {}),
    ...(skipped === undefined ? {} : { skipped }),
  }
}
