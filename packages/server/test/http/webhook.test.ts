import { signedDelivery, pushPayload } from '@fairway/core/testing'
import { createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { createServer, type FairwayServer, memoryJournal } from '../../src/index.ts'
import { recordingLogger } from '../support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'
const own = 'the blog takes only this secret of its own'
const message = 'Webhook received and processing started in background!'

let server: FairwayServer | undefined
afterEach(() => server?.close())

/** A server whose worker has nothing to run: every app's checkout is missing, so deployments end at once. */
function start(webhook: object = { secrets: [secret] }): {
  server: FairwayServer
  lines: string[]
  journal: ReturnType<typeof memoryJournal>
} {
  const logger = recordingLogger()
  const journal = memoryJournal()
  server = createServer({
    config: {
      server: { logFile: null },
      webhook,
      apps: {
        shop: { repository: 'acme/shop', branch: 'main', path: '/nonexistent/shop' },
        blog: { repository: 'acme/blog', branch: 'main', path: '/nonexistent/blog', webhookSecrets: [own] },
      },
      ignore: ['deployer'],
    },
    logger,
    journal,
  })
  return { server, lines: logger.lines, journal }
}

type Given = Partial<Parameters<typeof signedDelivery>[0]>

async function post(
  to: FairwayServer,
  given: Given = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { headers, body } = signedDelivery({ secret, ...given })
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const answer = await to.app.request('/webhook', {
    method: 'POST',
    headers: Object.fromEntries(present),
    body: new Uint8Array(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('a signed push is stored and answered at once', async () => {
  const { server: to, lines } = start()
  const { status, body } = await post(to, { id: 'd-1' })
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
  const { server: to } = start()
  const body = '{"repository":{"name":"shop"},"ref":"refs/heads/main","pusher":{"name":"test-user"}}'
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-hub-signature-256': signature,
  }
  const answer = await to.app.request('/webhook', { method: 'POST', headers, body })
  expect(answer.status).toBe(202)
  expect(await answer.json()).toMatchObject({ message, deployments: [{ app: 'shop' }] })
})

test.each([
  ['missing', undefined, 'X-Hub-Signature-256 header missing'],
  ['empty', '', 'X-Hub-Signature-256 header missing'],
  ['of another secret', `sha256=${'0'.repeat(64)}`, 'Invalid signature'],
  ['without digits', 'sha256=', 'Invalid signature'],
  ['too short', `sha256=${'0'.repeat(63)}`, 'Invalid signature'],
  ['too long', `sha256=${'0'.repeat(65)}`, 'Invalid signature'],
  ['not hexadecimal', `sha256=${'z'.repeat(64)}`, 'Invalid signature'],
  ['sent twice', `sha256=${'0'.repeat(64)}, sha256=${'0'.repeat(64)}`, 'Invalid signature'],
])('a signature that is %s is refused with the words of the seed', async (_, signature, detail) => {
  const { server: to, journal } = start()
  const answer = await post(to, { headers: { 'x-hub-signature-256': signature } })
  expect(answer).toEqual({ status: 401, body: { detail } })
  expect(await journal.deliveries()).toEqual([])
})

test('a sha1 signature alone is no signature', async () => {
  const { server: to } = start()
  const headers = { 'x-hub-signature-256': undefined, 'x-hub-signature': `sha1=${'0'.repeat(40)}` }
  expect(await post(to, { headers })).toEqual({
    status: 401,
    body: { detail: 'X-Hub-Signature-256 header missing' },
  })
})

test.each([
  'null',
  '[]',
  '"x"',
  '{}',
  '1',
  '',
  '{',
  '{"repository":null}',
  '{"repository":{"name":5},"ref":"x"}',
  '{"repository":{"name":"shop"},"ref":7}',
])('a signed %s as push is answered 400, and the server lives', async (body) => {
  const { server: to } = start()
  const refused = await post(to, { body })
  expect(refused.status).toBe(400)
  expect(refused.body).toEqual({ detail: expect.any(String) as string })
  expect((await post(to)).status).toBe(202)
})

test('ping is answered 200 and deploys nothing', async () => {
  const { server: to } = start()
  expect(await post(to, { event: 'ping', payload: { zen: 'Keep it simple.' } })).toMatchObject({
    status: 200,
    body: { deployments: [] },
  })
})

test.each<[string, Given, string]>([
  ['another event', { event: 'star' }, 'event star, not a push'],
  [
    'another branch',
    { payload: pushPayload({ ref: 'refs/heads/x' }) },
    'shop follows main, not refs/heads/x',
  ],
  ['a tag', { payload: pushPayload({ ref: 'refs/tags/v1' }) }, 'shop follows main, not refs/tags/v1'],
  ['a deleted branch', { payload: pushPayload({ after: '0'.repeat(40) }) }, 'refs/heads/main was deleted'],
  [
    'an unknown repository',
    { payload: pushPayload({ repository: 'acme/other' }) },
    'unknown repository acme/other',
  ],
  [
    'a repository called constructor',
    { payload: pushPayload({ repository: 'constructor' }) },
    'unknown repository constructor',
  ],
  [
    'the deployer itself',
    { payload: pushPayload({ repository: 'acme/deployer' }) },
    'repository acme/deployer is ignored',
  ],
])('%s is answered 202 with the reason', async (_, given, skipped) => {
  const { server: to } = start()
  expect(await post(to, { id: 'd-1', ...given })).toEqual({
    status: 202,
    body: { message, delivery: 'd-1', deployments: [], skipped },
  })
})

test("an app's own secret deploys that app, and no other secret does", async () => {
  const { server: to } = start()
  const blog = pushPayload({ repository: 'acme/blog' })
  expect((await post(to, { secret: own, payload: blog })).body['deployments']).toHaveLength(1)
  expect((await post(to, { payload: blog })).body['skipped']).toBe(
    'blog: not signed with a secret of this app',
  )
  expect((await post(to, { secret: own })).body['deployments']).toEqual([])
})

test('a delivery seen before is a duplicate while it stands, and processed again once it failed', async () => {
  const { server: to, journal } = start()
  const first = await post(to, { id: 'again' })
  const [{ id } = { id: '' }] = first.body['deployments'] as { id: string }[]
  await expect.poll(async () => (await journal.deployment(id))?.status).toBe('failure')
  const second = await post(to, { id: 'again' })
  expect(second.status).toBe(202)
  expect((second.body['deployments'] as { id: string }[])[0]?.id).not.toBe(id)
  const third = await post(to, { id: 'again' })
  expect([200, 202]).toContain(third.status)
  expect(third.body['duplicate'] === true).toBe(third.status === 200)
})

test('an id of another shape is no id', async () => {
  const { server: to } = start()
  const { body } = await post(to, { id: '../../x y' })
  expect(body['delivery']).toMatch(/^[0-9a-f-]{36}$/)
})

test('what is too large, or of another content type, is refused', async () => {
  const { server: to } = start()
  const large = await to.app.request('/webhook', {
    method: 'POST',
    body: new Uint8Array(25 * 1024 * 1024 + 1),
  })
  expect(large.status).toBe(413)
  expect(await large.json()).toEqual({ detail: 'The body is larger than 25 MiB' })
  const plain = await post(to, { contentType: 'text/plain' })
  expect(plain.status).toBe(415)
})

test('a packed body is refused, as what is signed are the bytes as sent', async () => {
  const { server: to } = start()
  expect(await post(to, { headers: { 'content-encoding': 'gzip' } })).toEqual({
    status: 415,
    body: { detail: 'Content-Encoding is not supported' },
  })
})

test('many failed signatures are told to wait; a correctly signed delivery never is', async () => {
  const { server: to } = start()
  const wrong = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }
  const statuses: number[] = []
  for (let i = 0; i < 25; i++) statuses.push((await post(to, wrong)).status)
  expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401))
  expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429])
  expect((await post(to)).status).toBe(202)
})

test('a form with the payload in it, signed over the form, is a push too', async () => {
  const { server: to } = start()
  expect((await post(to, { contentType: 'application/x-www-form-urlencoded' })).status).toBe(202)
})

test('a journal that cannot store is answered 503, with when to try again', async () => {
  const logger = recordingLogger()
  const journal = { ...memoryJournal(), accept: () => Promise.reject(new Error('disk full')) }
  const to = createServer({
    config: {
      server: { logFile: null },
      webhook: { secrets: [secret] },
      apps: { shop: { repository: 'acme/shop', path: '/nonexistent' } },
    },
    logger,
    journal,
  })
  const { headers, body } = signedDelivery({ secret })
  const answer = await to.app.request('/webhook', {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  })
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('30')
  expect(logger.lines.at(-1)).toContain('disk full')
  await to.close()
})

test('unsigned deliveries only where that is allowed, with the warning of the seed', async () => {
  const { server: to, lines } = start({ secrets: [], allowUnsigned: true })
  expect((await post(to, { headers: { 'x-hub-signature-256': undefined } })).status).toBe(202)
  const blog = pushPayload({ repository: 'acme/blog' })
  expect(
    (await post(to, { headers: { 'x-hub-signature-256': undefined }, payload: blog })).body['deployments'],
  ).toEqual([])
  expect(lines).toContain('INFO Webhook request received.')
})

test('no secret, no server', () => {
  expect(() => start({ secrets: [] })).toThrow(/webhook\.secrets/)
  expect(() => start({ secrets: ['short'] })).toThrow(/fewer than 16 characters/)
})

test('the status page, liveness, readiness, and what is not there', async () => {
  const { server: to } = start()
  expect(await (await to.app.request('/')).json()).toEqual({ message: 'Webhook server is running!' })
  expect((await to.app.request('/healthz')).status).toBe(200)
  const ready = await to.app.request('/readyz')
  expect(await ready.json()).toEqual({ ready: true, checks: { journal: 'ok', git: 'ok', docker: 'ok' } })
  const missing = await to.app.request('/nothing')
  expect(missing.status).toBe(404)
  expect(await missing.json()).toEqual({ detail: 'Not Found', code: 'not_found' })
})

test('without a status page the root is not there', async () => {
  const to = createServer({
    config: { server: { logFile: null, statusPage: false }, webhook: { secrets: [secret] } },
    logger: recordingLogger(),
  })
  expect((await to.app.request('/')).status).toBe(404)
  await to.close()
})
