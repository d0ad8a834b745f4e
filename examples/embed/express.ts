import type { Webhook } from '@fairway/core/webhook'
import { getRequestListener } from '@hono/node-server'
import express, { type Express } from 'express'

/** Before `express.json()`: signatures are over the bytes as sent, and a parser would have eaten them. */
export function expressApp(webhook: Webhook): Express {
  const app = express()
  const answer = getRequestListener(webhook)
  app.post('/deploy/webhook', (request, response) => void answer(request, response))
  app.use(express.json())
  app.get('/', (_request, response) => void response.send('the shop'))
  app.post('/orders', (request, response) => void response.json({ ordered: request.body }))
  return app
}
