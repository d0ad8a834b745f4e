import { createHmac } from 'node:crypto'
import { pushPayload } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { front, message, own, previous, secret } from './support.ts'

const forged = '0'.repeat(64)

test("V1: GitHub's published vector is accepted over its raw bytes, and one bit changed is not", async () => {
  const published = "It's a Secret to Everybody"
  const { post } = front({ config: { webhook: { secrets: [published] } } })
  const digest = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  const sent = { secret: published, body: 'Hello, World!', event: 'ping' }
  const headers = (hex: string) => ({ 'x-hub-signature-256': `sha256=${hex}` })
  // Past the signature: it is the JSON that is none.
  expect(await post({ ...sent, headers: headers(digest) })).toMatchObject({
    status: 400,
    body: { detail: 'The payload is not valid JSON' },
  })
  expect((await post({ ...sent, headers: headers(`6${digest.slice(1)}`) })).status).toBe(401)
  expect((await post({ ...sent, body: 'Hello, world!', headers: headers(digest) })).status).toBe(401)
})

test.each([
  ['missing', undefined, 'X-Hub-Signature-256 header missing'],
  ['empty', '', 'X-Hub-Signature-256 header missing'],
  ['of another secret', `sha256=${forged}`, 'Invalid signature'],
  ['without digits', 'sha256=', 'Invalid signature'],
  ['63 digits', `sha256=${forged.slice(1)}`, 'Invalid signature'],
  ['65 digits', `sha256=${forged}0`, 'Invalid signature'],
  ['not hexadecimal', `sha256=${'z'.repeat(64)}`, 'Invalid signature'],
  ['not ASCII', `sha256=${'é'.repeat(64)}`, 'Invalid signature'],
  ['10 KB', `sha256=${'a'.repeat(10_000)}`, 'Invalid signature'],
  ['sent twice', `sha256=${forged}, sha256=${forged}`, 'Invalid signature'],
  ['of another algorithm', `sha512=${forged}`, 'Invalid signature'],
])('V2: a signature that is %s is refused in the words of the seed', async (_, signature, detail) => {
  const { post, journal } = front()
  const answer = await post({ headers: { 'x-hub-signature-256': signature } })
  expect(answer).toMatchObject({ status: 401, body: { detail } })
  expect(Object.keys(answer.body)).toEqual(['detail'])
  expect(await journal.deliveries()).toEqual([])
})

test('V2: the right signature sent twice is refused too', async () => {
  const { post } = front()
  const body = JSON.stringify(pushPayload())
  const right = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const answer = await post({ body, headers: { 'x-hub-signature-256': `${right}, ${right}` } })
  expect(answer).toMatchObject({ status: 401, body: { detail: 'Invalid signature' } })
})

test.each([
  ['unset', {}],
  ['empty', { secrets: [''] }],
  ['missing', { secrets: [] }],
  ['short', { secrets: ['fifteen letters'] }],
])('V3: without a secret no server: %s', (_, webhook) => {
  expect(() => front({ config: { webhook } })).toThrow(/webhook\.secrets/)
})

test('V3: nor with one app that has only a weak secret of its own', () => {
  const shop = { repository: 'acme/shop', path: '/srv/shop', webhookSecrets: ['short'] }
  expect(() => front({ config: { apps: { shop } } })).toThrow(
    /apps\.shop\.webhookSecrets\[0\].*fewer than 16 characters/,
  )
})

const text = new TextEncoder()
const push = '"ref":"refs/heads/main","repository":{"name":"shop","full_name":"acme/shop"}'
test.each<[string, Uint8Array]>([
  ['a byte order mark', text.encode(`\ufeff{${push}}`)],
  [
    'bytes that are no UTF-8',
    Buffer.concat([text.encode(`{${push},"x":"`), Uint8Array.of(0xff, 0xfe), text.encode('"}')]),
  ],
  ['escapes', text.encode(`{${push.replace('shop', '\\u0073hop')},"x":"\\u003c"}`)],
  [
    'numbers that JSON would print otherwise',
    text.encode(`{${push},"x":1.0,"y":12345678901234567890,"z":1e400}`),
  ],
  ['blanks and line ends', text.encode(`\r\n{${push}\t,\n "x" : 1 }\r\n`)],
])('V4: what is signed are the bytes as they are sent: %s', async (_, body) => {
  const { post } = front()
  expect(await post({ body })).toMatchObject({
    status: 202,
    body: { message, deployments: [{ app: 'shop' }] },
  })
  const printed = JSON.stringify(JSON.parse(new TextDecoder().decode(body)))
  const other = `sha256=${createHmac('sha256', secret).update(printed).digest('hex')}`
  expect((await post({ body, headers: { 'x-hub-signature-256': other } })).status).toBe(401)
})

test('V5: a form signed over its text, as GitHub does it, is accepted; over the payload in it, it is not', async () => {
  const { post } = front()
  const contentType = 'application/x-www-form-urlencoded'
  expect(await post({ contentType })).toMatchObject({ status: 202, body: { deployments: [{ app: 'shop' }] } })
  const json = JSON.stringify(pushPayload())
  const overPayload = `sha256=${createHmac('sha256', secret).update(json).digest('hex')}`
  expect(await post({ contentType, headers: { 'x-hub-signature-256': overPayload } })).toMatchObject({
    status: 401,
    body: { detail: 'Invalid signature' },
  })
})

test('V6: sha1 alone, though it be right, is no signature', async () => {
  const { post } = front()
  const body = JSON.stringify(pushPayload())
  const sha1 = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
  const detail = 'X-Hub-Signature-256 header missing'
  const headers = { 'x-hub-signature-256': undefined, 'x-hub-signature': sha1 }
  expect(await post({ body, headers })).toMatchObject({ status: 401, body: { detail } })
  expect((await post({ body, headers: { 'x-hub-signature-256': sha1 } })).status).toBe(401)
})

test("V9: another host's way to prove itself proves nothing here", async () => {
  const { post, journal } = front()
  const body = JSON.stringify(pushPayload())
  const hex = createHmac('sha256', secret).update(body).digest('hex')
  const others = [
    { 'x-gitlab-token': 'x', 'x-gitlab-event': 'Push Hook' },
    { 'x-hub-signature': `sha256=${hex}` },
    { 'x-gitea-signature': hex },
    { 'x-gogs-signature': hex },
    { 'webhook-signature': `v1,${Buffer.from(hex, 'hex').toString('base64')}` },
  ]
  for (const other of others) {
    const answer = await post({ body, headers: { ...other, 'x-hub-signature-256': undefined } })
    expect(answer).toMatchObject({ status: 401, body: { detail: 'X-Hub-Signature-256 header missing' } })
  }
  // The token itself, and one that is right beside a signature that is not.
  const token = { 'x-gitlab-token': secret }
  expect((await post({ body, headers: { ...token, 'x-hub-signature-256': undefined } })).status).toBe(401)
  expect(
    (await post({ body, headers: { ...token, 'x-hub-signature-256': `sha256=${forged}` } })).status,
  ).toBe(401)
  expect(await journal.deliveries()).toEqual([])
})

test('V11: while secrets rotate both are accepted; the log says which, by its place', async () => {
  const { post, lines } = front()
  expect((await post({ secret })).status).toBe(202)
  expect(lines).toContain('INFO Signed with webhook.secrets[0].')
  expect((await post({ secret: previous })).status).toBe(202)
  expect(lines).toContain('INFO Signed with webhook.secrets[1].')
})

test("an app's own secret deploys that app, and no other secret does", async () => {
  const { post } = front()
  const blog = pushPayload({ repository: 'acme/blog' })
  expect((await post({ secret: own, payload: blog })).body['deployments']).toHaveLength(1)
  const skipped = 'blog: not signed with a secret of this app'
  expect((await post({ payload: blog })).body).toMatchObject({ deployments: [], skipped })
  expect((await post({ secret: own })).body['deployments']).toEqual([])
})

test('unsigned deliveries only where that is allowed, with the warning of the seed', async () => {
  const unsigned = { headers: { 'x-hub-signature-256': undefined } }
  const shop = { repository: 'acme/shop', branch: 'main', path: '/srv/shop' }
  const { post, lines } = front({ config: { webhook: { secrets: [], allowUnsigned: true }, apps: { shop } } })
  expect((await post(unsigned)).status).toBe(202)
  expect(lines).toContain(
    'WARNING GITHUB_WEBHOOK_SECRET is not set. Skipping signature verification (NOT RECOMMENDED FOR PRODUCTION).',
  )
})

test('where they are allowed, an app with a secret of its own still takes none', async () => {
  const { post } = front({ config: { webhook: { secrets: [], allowUnsigned: true } } })
  const payload = pushPayload({ repository: 'acme/blog' })
  const answer = await post({ payload, headers: { 'x-hub-signature-256': undefined } })
  expect(answer.body).toMatchObject({
    deployments: [],
    skipped: 'blog: not signed with a secret of this app',
  })
})
