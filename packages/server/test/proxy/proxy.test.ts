import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { signedDelivery } from '@fairway/core/testing'
import { afterEach, describe, expect, test } from 'vitest'
import type { HttpApp } from '../../src/http/routes.ts'
import { listen } from '../../src/http/listen.ts'
import { createServer } from '../../src/index.ts'
import { recordingLogger } from '../support/recording-logger.ts'
import { domain, type Proxy, type ProxyName, startProxy } from './start-proxy.ts'

const secret = 'a secret of more than sixteen characters'
const trusted = ['127.0.0.1', '::1']

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

/** The proxy in front of a server that listens, and the paths that have reached the server. */
async function start(
  name: ProxyName,
  trustedProxies: readonly string[] = trusted,
): Promise<{ readonly proxy: Proxy; readonly reached: readonly string[] }> {
  const server = createServer({
    config: {
      server: { logFile: null, trustedProxies: [...trustedProxies] },
      webhook: { secrets: [secret] },
      apps: { shop: { repository: 'acme/shop', branch: 'main', path: '/nonexistent' } },
    },
    logger: recordingLogger(),
  })
  opened.push(() => server.close())
  const reached: string[] = []
  const recorded = {
    fetch(request: Request, env: object) {
      reached.push(`${request.method} ${new URL(request.url).pathname}`)
      return server.app.fetch(request, env)
    },
  } as unknown as HttpApp
  const listening = await listen({ app: recorded }, { host: '127.0.0.1', port: 0 })
  opened.push(() => listening.close(0))
  const proxy = await startProxy(name, Number(new URL(listening.url).port))
  opened.push(() => proxy.close())
  return { proxy, reached }
}

interface Sent {
  readonly method?: string
  readonly path?: string
  /** Where the sender is: any address of 127.0.0.0/8 is this machine's. */
  readonly from?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** More of the body is never sent, and never said to be over. */
  readonly endless?: boolean
  /** Without TLS. */
  readonly plain?: boolean
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Sends a request as somebody on the Internet would: over TLS, by the domain's name, from an address of their own. */
async function send(proxy: Proxy, sent: Sent): Promise<Answer> {
  const { method = 'POST', path = '/webhook', from = '127.0.0.9', headers, body } = sent
  const options = {
    host: '127.0.0.1',
    localAddress: from,
    method,
    path,
    headers: { ...headers, host: domain },
    agent: false,
  }
  const request =
    sent.plain === true
      ? httpRequest({ ...options, port: proxy.http })
      : httpsRequest({ ...options, port: proxy.https, servername: domain, ca: proxy.certificate })
  if (sent.endless === true) {
    request.flushHeaders()
    if (body) request.write(body)
  } else request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  request.on('error', () => {})
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += String(part)
  request.destroy()
  return { status: response.statusCode ?? 0, headers: response.headers, body: text }
}

type Given = Partial<Parameters<typeof signedDelivery>[0]>

function signed(given: Given = {}): Required<Pick<Sent, 'headers' | 'body'>> {
  const { headers, body } = signedDelivery({ secret, ...given })
  return { headers: headers as Record<string, string>, body }
}

const forged = signed({ secret: 'a secret that only the sender knows' })

/** The last of more forged deliveries than an address may send. */
async function forgeMany(proxy: Proxy, sent: Sent): Promise<number> {
  let status = 0
  for (let count = 0; count < 21; count++) status = (await send(proxy, { ...forged, ...sent })).status
  return status
}

describe.each(['caddy', 'nginx'] as const)('%s', (name) => {
  test('a signed delivery over TLS is accepted, a forged one is not', async () => {
    const { proxy } = await start(name)
    const { status, body } = await send(proxy, signed())
    expect(status).toBe(202)
    expect(JSON.parse(body)).toMatchObject({ deployments: [{ app: 'shop' }] })
    expect(await send(proxy, forged)).toMatchObject({ status: 401, body: '{"detail":"Invalid signature"}' })
    expect(await send(proxy, { method: 'GET', path: '/healthz' })).toMatchObject({
      status: 200,
      body: '{"status":"ok"}',
    })
  })

  test('a body of 25 MiB gets through, a larger one is answered 413 before it is whole', async () => {
    const { proxy } = await start(name)
    const { headers, body } = signed({ body: new Uint8Array(25 * 1024 * 1024).fill(32) })
    expect(await send(proxy, { headers, body })).toMatchObject({ status: 400 })
    const announced = { ...headers, 'content-length': String(body.length + 1) }
    expect(await send(proxy, { headers: announced, endless: true })).toMatchObject({ status: 413 })
    const chunked = { ...headers, 'transfer-encoding': 'chunked' }
    const larger = new Uint8Array(body.length + 1)
    expect(await send(proxy, { headers: chunked, body: larger, endless: true })).toMatchObject({
      status: 413,
    })
  })

  test('forged deliveries are limited by the address of who sends them', async () => {
    const { proxy } = await start(name)
    expect(await forgeMany(proxy, { from: '127.0.0.2' })).toBe(429)
    expect(await send(proxy, { ...forged, from: '127.0.0.3' })).toMatchObject({ status: 401 })
    expect(await send(proxy, { ...signed(), from: '127.0.0.2' })).toMatchObject({ status: 202 })
  })

  test("a sender's own X-Forwarded-For neither evades the limit nor limits somebody else", async () => {
    const { proxy } = await start(name)
    const claim = (address: string): Sent => ({
      from: '127.0.0.2',
      headers: { ...forged.headers, 'x-forwarded-for': address },
    })
    expect(await forgeMany(proxy, claim('127.0.0.3'))).toBe(429)
    expect(await send(proxy, { ...forged, from: '127.0.0.3' })).toMatchObject({ status: 401 })
    expect(await send(proxy, { ...forged, ...claim('127.0.0.4') })).toMatchObject({ status: 429 })
  })

  test("without trustedProxies all forged deliveries count as the proxy's, signed ones still get through", async () => {
    const { proxy } = await start(name, [])
    expect(await forgeMany(proxy, { from: '127.0.0.2' })).toBe(429)
    expect(await send(proxy, { ...forged, from: '127.0.0.3' })).toMatchObject({ status: 429 })
    expect(await send(proxy, { ...signed(), from: '127.0.0.2' })).toMatchObject({ status: 202 })
  })

  test('http is sent on to https, with the method kept', async () => {
    const { proxy, reached } = await start(name)
    const { status, headers } = await send(proxy, { ...signed(), plain: true })
    expect(status).toBe(308)
    expect(headers.location).toMatch(/^https:\/\/hooks\.example\.com(:\d+)?\/webhook$/)
    expect(reached).toEqual([])
  })

  test('nothing but POST /webhook and GET /healthz reaches the server', async () => {
    const { proxy, reached } = await start(name)
    const paths =
      '/ /docs /openapi.json /readyz /ui /metrics /api/v1/apps /webhook/ /webhooks //docs /healthz/../docs ' +
      '/healthz/..%2fdocs /healthz%2f..%2fdocs /healthz;/docs /%2e%2e/docs'
    const get = paths.split(' ').map((path) => ({ method: 'GET', path }))
    const others = ['GET', 'PUT', 'DELETE', 'OPTIONS'].map((method) => ({ method, path: '/webhook' }))
    for (const closed of [...get, ...others, { method: 'POST', path: '/healthz' }]) {
      const { status } = await send(proxy, closed)
      expect({ ...closed, status }).toEqual({
        ...closed,
        status: expect.toBeOneOf([400, 403, 404]) as number,
      })
    }
    expect(reached).toEqual([])
    for (const path of ['/docs/../healthz', '/docs/..%2fhealthz', '//healthz', '/./healthz'])
      await send(proxy, { method: 'GET', path })
    expect(reached.filter((request) => request !== 'GET /healthz')).toEqual([])
  })
})

test('a sender that stops half way is cut off by both, and never told that it was received', async () => {
  const { headers } = signed()
  const stopped = {
    headers: { ...headers, 'content-length': '1000' },
    body: new Uint8Array(1),
    endless: true,
  }
  const until = async (name: ProxyName): Promise<string> => {
    const { proxy } = await start(name)
    return send(proxy, stopped).then(({ status }) => `${status}`, String)
  }
  expect(await Promise.all([until('caddy'), until('nginx')])).toEqual(['408', 'Error: socket hang up'])
})
