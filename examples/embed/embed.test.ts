import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defineApp } from '@fairway/core'
import { signedDelivery } from '@fairway/core/testing'
import { createServer as createFairway } from '@fairway/server'
import { getRequestListener } from '@hono/node-server'
import { afterEach, describe, expect, test } from 'vitest'
import { expressApp } from './express.ts'
import { fastifyApp } from './fastify.ts'
import { honoApp, honoAppWithServer } from './hono.ts'
import { nodeApp } from './node.ts'
import { shopWebhook } from './webhook.ts'

const secret = 'a secret of more than sixteen characters'
const shop = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop', branch: 'main' })
const stored: string[] = []
const webhook = shopWebhook({ secret, apps: [shop], store: async ({ app }) => void stored.push(app.name) })

let server: Server | undefined
afterEach(() => {
  stored.length = 0
  server?.close()
})

async function listen(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function fastifyListener(): Promise<RequestListener> {
  const app = fastifyApp(webhook)
  await app.ready()
  return (request, response) => app.routing(request, response)
}

const frameworks: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  Hono: () => getRequestListener(honoApp(webhook).fetch),
  Express: () => expressApp(webhook),
  Fastify: fastifyListener,
  'node:http': () => nodeApp(webhook),
}

describe.each(Object.keys(frameworks))('in %s', (name) => {
  const start = async (): Promise<string> => listen(await frameworks[name]!())
  const push = async (
    url: string,
    given: Partial<Parameters<typeof signedDelivery>[0]> = {},
  ): Promise<Response> => {
    const { headers, body } = signedDelivery({ secret, ...given })
    return fetch(`${url}/deploy/webhook`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
    })
  }

  test('a signed push is stored and answered 202, and the rest of the app works as before', async () => {
    const url = await start()
    expect(await (await fetch(url)).text()).toBe('the shop')
    const answer = await push(url)
    expect(answer.status).toBe(202)
    expect(await answer.json()).toMatchObject({ deployments: [{ app: 'shop', status: 'queued' }] })
    expect(stored).toEqual(['shop'])
  })

  test('the bytes are those that were signed: spaces, escapes and long numbers survive', async () => {
    const url = await start()
    const body =
      '{ "repository": {"name":"shop","full_name":"acme/shop","id":12345678901234567890},\n "ref":"refs\\/heads\\/main" }'
    expect((await push(url, { body })).status).toBe(202)
    const form = await push(url, { contentType: 'application/x-www-form-urlencoded' })
    expect(form.status).toBe(202)
  })

  test('a wrong signature is 401 and stores nothing', async () => {
    const url = await start()
    const answer = await push(url, { secret: 'another secret of sixteen characters' })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ detail: 'Invalid signature' })
    expect(stored).toEqual([])
  })
})

test('a whole server below a path of a Hono app', async () => {
  const fairway = createFairway({
    config: {
      server: { logFile: null },
      webhook: { secrets: [secret] },
      apps: { shop: { repository: 'acme/shop', path: '/nonexistent/shop', branch: 'main' } },
    },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  })
  const app = honoAppWithServer(fairway)
  const { headers, body } = signedDelivery({ secret })
  const answer = await app.request('/fairway/webhook', {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  })
  expect(answer.status).toBe(202)
  expect((await app.request('/fairway/healthz')).status).toBe(200)
  await fairway.close()
})
