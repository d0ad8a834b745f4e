import type { Webhook } from '@fairway/core/webhook'
import type { FairwayServer } from '@fairway/server'
import { Hono } from 'hono'

/** The webhook alone, as a route among others: the raw request goes in, nobody has parsed its body. */
export function honoApp(webhook: Webhook): Hono {
  return new Hono().get('/', (c) => c.text('the shop')).post('/deploy/webhook', (c) => webhook(c.req.raw))
}

/** A whole Fairway server, with queue and worker, below a path of an existing app. */
export function honoAppWithServer(fairway: FairwayServer): Hono {
  return new Hono().get('/', (c) => c.text('the shop')).route('/fairway', fairway.app)
}
