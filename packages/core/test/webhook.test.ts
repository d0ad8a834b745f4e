import { expect, test } from 'vitest'
import { defineApp } from '../src/domain/app.ts'
import type { Delivery } from '../src/domain/delivery.ts'
import { pipeline } from '../src/pipeline.ts'
import type { Logger } from '../src/run.ts'
import { resolveRepo } from '../src/steps/resolve-repo.ts'
import { verifySignature } from '../src/steps/verify-signature.ts'
import { pushPayload, signedDelivery, type SignedDeliveryOptions } from '../src/testing/signed-delivery.ts'
import { createWebhook, type Received, type Webhook, type WebhookOptions } from '../src/webhook.ts'

const secret = 'a secret of more than sixteen characters'
const shop = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop', branch: 'main' })
const receive = pipeline<{ delivery: Delivery }>()
  .use(verifySignature({ secrets: [secret] }))
  .use(resolveRepo({ apps: [shop] }))

interface Story {
  readonly webhook: Webhook
  readonly accepted: readonly Received[]
  readonly lines: readonly string[]
}

function webhookWith(options: Partial<WebhookOptions<Received>> = {}): Story {
  const accepted: Received[] = []
  const lines: string[] = []
  const line = (text: string): void => void lines.push(text)
  const log: Logger = { debug: line, info: line, warn: line, error: line }
  const webhook = createWebhook<Received>({
    pipeline: receive,
    accept(received) {
      accepted.push(received)
      return { deployments: [{ id: 'd-1', app: 'shop', status: 'queued' }], duplicate: false }
    },
    log,
    newId: () => 'made-here',
    ...options,
  })
  return { webhook, accepted, lines }
}

function request(given: Partial<SignedDeliveryOptions> = {}, init: RequestInit = {}): Request {
  const { headers, body } = signedDelivery({ secret, id: 'github-1', ...given })
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new Request('http://localhost/webhook', {
    method: 'POST',
    headers: Object.fromEntries(present),
    body: new Uint8Array(body),
    ...init,
  })
}

test('a signed push is accepted, and the answer says what will be deployed', async () => {
  const { webhook, accepted } = webhookWith()
  const answer = await webhook(request())
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({
    message: 'Webhook received and processing started in background!',
    delivery: 'github-1',
    deployments: [{ id: 'd-1', app: 'shop', status: 'queued' }],
  })
  expect(accepted).toMatchObject([{ event: 'push', push: { repository: 'acme/shop' }, apps: [shop] }])
})

test('a delivery without an id, or with one of another shape, gets one', async () => {
  for (const id of [undefined, 'a b', '../x', 'x'.repeat(65)]) {
    const { webhook, accepted } = webhookWith()
    await webhook(request({ headers: { 'x-github-delivery': id } }))
    expect(accepted[0]?.delivery.id).toBe('made-here')
  }
})

test('a duplicate is answered 200', async () => {
  const { webhook } = webhookWith({ accept: () => ({ deployments: [], duplicate: true }) })
  const answer = await webhook(request())
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ duplicate: true })
})

test('what deploys nothing is answered with the reason, told to `skipped`, and not accepted', async () => {
  const told: unknown[] = []
  const { webhook, accepted } = webhookWith({
    skipped: ({ delivery: { id }, event, reason }) => void told.push({ id, event, reason }),
  })
  const other = await webhook(request({ payload: pushPayload({ ref: 'refs/heads/feature' }) }))
  expect(other.status).toBe(202)
  expect(await other.json()).toMatchObject({
    deployments: [],
    skipped: expect.stringContaining('feature') as string,
  })
  const ping = await webhook(request({ event: 'ping', payload: { zen: 'Keep it logically awesome.' } }))
  expect(ping.status).toBe(200)
  expect(told).toMatchObject([{ id: 'github-1', event: 'push' }, { event: 'ping' }])
  expect(accepted).toEqual([])
})

test.each<[string, number, string | RegExp, Partial<SignedDeliveryOptions>, RequestInit?]>([
  ['another secret', 401, 'Invalid signature', { secret: 'another secret of sixteen characters' }],
  [
    'no signature',
    401,
    'X-Hub-Signature-256 header missing',
    { headers: { 'x-hub-signature-256': undefined } },
  ],
  ['no JSON', 400, 'The payload is not valid JSON', { body: '{' }],
  ['plain text', 415, /^Content type text\/plain is not supported/, { contentType: 'text/plain' }],
  ['a packed body', 415, 'Content-Encoding is not supported', { headers: { 'content-encoding': 'gzip' } }],
  ['another method', 405, 'Only POST is allowed here', {}, { method: 'PUT' }],
])('%s is answered %i', async (_name, status, detail, given, init) => {
  const { webhook, accepted } = webhookWith()
  const answer = await webhook(request(given, init))
  expect(answer.status).toBe(status)
  const { detail: said } = (await answer.json()) as { detail: string }
  expect(said).toMatch(detail)
  expect(accepted).toEqual([])
})

test('a body over the limit is refused by its length, and without one as soon as it is over', async () => {
  const { webhook, lines } = webhookWith({ maxBody: 1024 * 1024 })
  const large = new Uint8Array(1024 * 1024 + 1)
  const byLength = await webhook(request({}, { headers: { 'content-length': String(large.length) } }))
  expect(byLength.status).toBe(413)
  expect(await byLength.json()).toEqual({ detail: 'The body is larger than 1 MiB' })

  let asked = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      asked += 1
      controller.enqueue(large.subarray(0, 64 * 1024))
    },
  })
  const chunked = new Request('http://localhost/', {
    method: 'POST',
    body: endless,
    duplex: 'half',
  })
  expect((await webhook(chunked)).status).toBe(413)
  expect(asked).toBeLessThan(20)
  expect(lines).toEqual([])
})

test('what can not be stored is answered 503, and the log says why', async () => {
  const { webhook, lines } = webhookWith({ accept: () => Promise.reject(new Error('disk full')) })
  const answer = await webhook(request())
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('30')
  expect(await answer.json()).toEqual({ detail: 'The delivery could not be stored' })
  expect(lines.at(-1)).toEqual(
    expect.stringContaining('The delivery could not be stored: Unexpected: Error: disk full'),
  )
})

test('a bug is answered 500 without a word of it, which the log has', async () => {
  const { webhook, lines } = webhookWith({
    pipeline: pipeline<{ delivery: Delivery }>().use('broken', (): Received => {
      throw new TypeError('cannot read the secret of undefined')
    }),
  })
  const answer = await webhook(request())
  expect(answer.status).toBe(500)
  expect(await answer.json()).toEqual({ detail: 'Internal Server Error', code: 'internal' })
  expect(lines.at(-1)).toContain('cannot read the secret of undefined')
})

test('a body that a parser has eaten is a mistake of the one who mounted it, and is said in the log', async () => {
  const { webhook, lines } = webhookWith()
  const eaten = request()
  await eaten.json()
  expect((await webhook(eaten)).status).toBe(500)
  expect(lines.at(-1)).toContain('mount the webhook before whatever parses bodies')
})
