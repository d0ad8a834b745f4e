import type { Webhook } from '@fairway/core/webhook'
import { getRequestListener } from '@hono/node-server'
import type { RequestListener } from 'node:http'

/** Plain node:http: `createServer(nodeApp(webhook))`. */
export function nodeApp(webhook: Webhook): RequestListener {
  const answer = getRequestListener(webhook)
  return (request, response) => {
    if (request.url === '/deploy/webhook') return void answer(request, response)
    response.end('the shop')
  }
}
