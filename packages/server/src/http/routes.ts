import { getConnInfo } from '@hono/node-server/conninfo'
import type { Logger } from '@fairway/core'
import { toResponse } from '@fairway/core/webhook'
import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { type Readiness, shareReadiness } from '../readiness.ts'
import type { Sender } from './client-address.ts'
import {
  describeDocs,
  describeDocument,
  describeHealth,
  describeReadiness,
  describeStatus,
} from './describe-pages.ts'
import { describeWebhook } from './describe-webhook.ts'
import { docsPage, docsSources } from './docs-page.ts'
import type { FrontDoor } from './front-door.ts'
import { openApiDocument } from './open-api-document.ts'
import { secure } from './security-headers.ts'

export type HttpApp = Hono

export interface RoutesOptions {
  readonly door: FrontDoor
  readonly readiness: () => Promise<Readiness>
  /** Asked each time: the configuration may change while the server runs. */
  readonly statusPage: () => boolean
  readonly log: Logger
}

/** The HTTP face of the server: each handler calls one function and shapes its answer. */
export function routes({ door, readiness, statusPage, log }: RoutesOptions): HttpApp {
  // A slash too many must not lose a delivery: hosts don't follow redirects.
  const app = new Hono({ strict: false })
  app.use(secure())
  app.use(methodNotAllowed({ app, onMethodNotAllowed }))
  app.notFound((c) => c.json({ detail: 'Not Found', code: 'not_found' }, 404))
  app.onError((error, c) => {
    log.error(`Unexpected error in ${c.req.method} ${c.req.routePath}: ${error.stack ?? error.message}`)
    return c.json({ detail: 'Internal Server Error', code: 'internal' }, 500)
  })

  app.post('/webhook', describeWebhook, async (c) => toResponse(await door(c.req.raw, () => senderOf(c))))

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
  app.get('/docs', secure(docsSources), describeDocs, async (c) =>
    c.html(docsPage(await document(), endsWithSlash(c) ? '../openapi.json' : 'openapi.json')),
  )
  app.get('/openapi.json', describeDocument, async (c) => c.json(await document()))
  return app
}

/** Where a page below the one asked for is: relative, as this app or the proxy before it may stand below a path of another one. */
function below(c: Context, page: string): string {
  return endsWithSlash(c) ? page : `${c.req.path.slice(c.req.path.lastIndexOf('/') + 1)}/${page}`
}

/** By the URL itself: `c.req.path` has lost it. */
function endsWithSlash(c: Context): boolean {
  return new URL(c.req.url).pathname.endsWith('/')
}

function senderOf(c: Context): Sender {
  const env: unknown = c.env
  const isConnected = typeof env === 'object' && env !== null && 'incoming' in env
  return {
    peer: isConnected ? getConnInfo(c).remote.address : undefined,
    forwardedFor: c.req.header('x-forwarded-for'),
  }
}

function onMethodNotAllowed(c: Context, methods: readonly string[]): Response {
  const allow = methods.join(', ')
  return c.json({ detail: `Only ${allow} is allowed here`, code: 'method_not_allowed' }, 405, {
    Allow: allow,
  })
}
