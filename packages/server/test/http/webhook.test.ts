import { createHmac } from 'node:crypto'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { front, message, secret } from './support.ts'

test('a signed push is stored and answered at once', async () => {
  const { post, lines } = front()
  const { status, body } = await post({ id: 'd-1' })
  expect(status).toBe(202)
  expect(body).toEqual({
    message,
    delivery: 'd-1',
    deployments: [{ id: expect.any(String) as string, app: 'shop', status: 'queued' }],
  })
  expect(lines.slice(0, 4)).toEqual([
    'INFO Webhook request received.',
    'INFO Signature verified successfully.',
    'INFO Signed with webhook.secrets[0].',
    'INFO Event: push, Repo: shop, Ref: refs/heads/main, Pusher: ada',
  ])
})

test("the seed's own curl line, byte for byte", async () => {
  const { post } = front()
  const body = '{"repository":{"name":"shop"},"ref":"refs/heads/main","pusher":{"name":"test-user"}}'
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const answer = await post({
    body,
    headers: { 'x-hub-signature-256': signature, 'x-github-delivery': undefined, 'user-agent': undefined },
  })
  expect(answer).toMatchObject({ status: 202, body: { message, deployments: [{ app: 'shop' }] } })
})

test('a slash too many loses no delivery', async () => {
  const { server } = front()
  expect((await server.app.request('/webhook/', { method: 'POST' })).status).toBe(401)
})

test('below a path of another app it finds its own pages', async () => {
  const { server } = front()
  const outer = new Hono({ strict: false }).route('/tools/deploy', server.app)
  for (const path of ['/tools/deploy', '/tools/deploy/']) {
    const url = `http://x${path}`
    const { headers } = await outer.request(url, { headers: { accept: 'text/html' } })
    expect(new URL(headers.get('location') ?? '', url).pathname).toBe('/tools/deploy/docs')
  }
  expect((await outer.request('/tools/deploy/docs')).status).toBe(200)
  expect((await outer.request('/tools/deploy/webhook')).status).toBe(405)
})

test('the status, liveness, readiness', async () => {
  const { get } = front()
  expect((await get('/')).body).toEqual({ message: 'Webhook server is running!' })
  expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(await get('/readyz')).toMatchObject({
    status: 200,
    body: { ready: true, checks: { journal: 'ok', git: 'ok', docker: 'ok' } },
  })
})

test('not ready is said with 503', async () => {
  const { get, git } = front()
  git.fail('version')
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    body: { ready: false, checks: { journal: 'ok' } },
  })
})

test.each([
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 303],
  ['who wants a page', 'text/html', 303],
  ['who prefers a page', 'application/json;q=0.5, text/html;q=0.6', 303],
  ['curl', '*/*', 200],
  ['who says nothing', '', 200],
  ['a program', 'application/json', 200],
  ['who prefers JSON', 'text/html;q=0.5, application/json', 200],
  ['who wants no page', 'text/html;q=0', 200],
  ['who wants what is not there', 'image/png', 200],
])('%s finds at / what it can read', async (_, accept, status) => {
  const { get } = front()
  const answer = await get('/', { accept })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('vary')).toBe('Accept')
  expect(answer.headers.get('location')).toBe(status === 303 ? 'docs' : null)
})

test('without a status page the root is not there, for browsers neither; the documentation tells nothing of the server and stays', async () => {
  const { get } = front({ config: { server: { statusPage: false } } })
  const missing = { status: 404, body: { detail: 'Not Found', code: 'not_found' } }
  expect(await get('/')).toMatchObject(missing)
  expect(await get('/', { accept: 'text/html' })).toMatchObject(missing)
  expect((await get('/docs')).status).toBe(200)
  expect((await get('/openapi.json')).status).toBe(200)
})

test.each([
  '/nothing',
  '/webhook/x',
  '//webhook',
  '/%2e%2e%2fwebhook',
  '/Healthz',
  '/healthz%2f',
  '/docs/../x',
  '/.env',
])('%s is not there', async (path) => {
  const { server } = front()
  const answer = await server.app.request(path)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toEqual({ detail: 'Not Found', code: 'not_found' })
})

test.each([
  ['GET', '/webhook', 'POST'],
  ['PUT', '/webhook', 'POST'],
  ['DELETE', '/healthz', 'GET, HEAD'],
  ['OPTIONS', '/docs', 'GET, HEAD'],
  ['POST', '/', 'GET, HEAD'],
])('%s %s: only %s is allowed there', async (method, path, allow) => {
  const { server } = front()
  const answer = await server.app.request(path, { method })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe(allow)
  expect(await answer.json()).toEqual({ detail: `Only ${allow} is allowed here`, code: 'method_not_allowed' })
})

test.each(['/', '/healthz', '/readyz', '/docs', '/openapi.json'])(
  'HEAD %s is GET without the body',
  async (path) => {
    const { server } = front()
    const [get, head] = [await server.app.request(path), await server.app.request(path, { method: 'HEAD' })]
    expect(head.status).toBe(get.status)
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
    expect(await head.text()).toBe('')
  },
)

test.each(['/', '/webhook', '/nothing', '/docs'])(
  'every answer comes with headers that lock browsers out: %s',
  async (path) => {
    const { get } = front()
    const { headers } = await get(path)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-frame-options')).toBe('DENY')
  },
)

test('an error nobody expected is a line with its stack in the log, and nothing of it in the answer', async () => {
  const { server, lines } = front({ broken: true })
  const broken = {
    get: () => {
      throw new Error('at /srv/secret/place')
    },
  }
  const request = new Request('http://x/webhook', { method: 'POST', body: '{}' })
  Object.defineProperty(request, 'headers', { value: broken })
  const answer = await server.app.fetch(request)
  expect(answer.status).toBe(500)
  expect(await answer.json()).toEqual({ detail: 'Internal Server Error', code: 'internal' })
  expect(lines.at(-1)).toMatch(/^ERROR Unexpected error in POST \/webhook: Error: at \/srv\/secret\/place\n/)
})
