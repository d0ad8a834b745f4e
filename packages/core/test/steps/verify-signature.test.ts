import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Delivery } from '../../src/domain/delivery.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import {
  type Verified,
  verifySignature,
  type VerifySignatureOptions,
} from '../../src/steps/verify-signature.ts'
import { signedDelivery } from '../../src/testing/signed-delivery.ts'

const secret = "It's a Secret to Everybody"
const other = 'another secret, long enough'

interface Result {
  readonly outcome: Outcome<{ delivery: Delivery } & Verified>
  readonly log: readonly string[]
}

/** Runs the step alone, with a log that keeps everything. */
async function verify(delivery: Delivery, options: VerifySignatureOptions): Promise<Result> {
  const log: string[] = []
  const write =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level} - ${message}`)
  const outcome = await pipeline<{ delivery: Delivery }>()
    .use(verifySignature(options))
    .run(
      { delivery },
      { log: { debug: write('DEBUG'), info: write('INFO'), warn: write('WARNING'), error: write('ERROR') } },
    )
  return { outcome, log }
}

test("V1: accepts GitHub's published example", async () => {
  const delivery = signedDelivery({ secret, body: 'Hello, World!' })
  expect(delivery.headers['x-hub-signature-256']).toBe(
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  )
  const { outcome, log } = await verify(delivery, { secrets: [secret] })
  expect(outcome).toMatchObject({
    status: 'success',
    ctx: { event: 'push', signedBy: ['webhook.secrets[0]'] },
  })
  expect(log).toEqual(['INFO - Signature verified successfully.', 'INFO - Signed with webhook.secrets[0].'])
})

test('V5: a form is signed over its text, not over the payload in it', async () => {
  const contentType = 'application/x-www-form-urlencoded'
  const form = signedDelivery({ secret, contentType })
  expect((await verify(form, { secrets: [secret] })).outcome.status).toBe('success')

  const payload = new URLSearchParams(new TextDecoder().decode(form.body)).get('payload') ?? ''
  const asGitea = signedDelivery({ secret, contentType, headers: { 'x-hub-signature-256': sign(payload) } })
  expect((await verify(asGitea, { secrets: [secret] })).outcome.status).toBe('failure')
})

const rotation: readonly (readonly [string, readonly string[]])[] = [
  ['current', ['webhook.secrets[0]']],
  ['previous', ['webhook.secrets[1]']],
  ['of the shop', ['apps.shop.webhookSecrets[0]']],
  ['of both', ['webhook.secrets[2]', 'apps.shop.webhookSecrets[1]']],
]
test.each(rotation)(
  'V11: tells which secrets matched, by their places, having looked at all of them: %s',
  async (word, signedBy) => {
    const secrets = [
      ...['current', 'previous', 'of both'].map(named),
      { id: 'apps.shop.webhookSecrets[0]', value: named('of the shop') },
      { id: 'apps.shop.webhookSecrets[1]', value: named('of both') },
    ]
    const { outcome, log } = await verify(signedDelivery({ secret: named(word) }), { secrets })
    expect(outcome.ctx.signedBy).toEqual(signedBy)
    expect(log.at(-1)).toBe(`INFO - Signed with ${signedBy.join(', ')}.`)
    expect(log.join()).not.toContain(named(word))
  },
)

test.each([undefined, ''])('V2: refuses a delivery whose signature header is %j', async (header) => {
  const delivery = signedDelivery({ secret, headers: { 'x-hub-signature-256': header } })
  const { outcome, log } = await verify(delivery, { secrets: [secret] })
  expect(outcome).toMatchObject({
    status: 'failure',
    step: 'verifySignature',
    error: { code: 'signature_missing', message: 'X-Hub-Signature-256 header missing' },
  })
  expect(log).toEqual(['WARNING - Signature header missing. Aborting.'])
})

const right = sign('Hello, World!')
const wrong: readonly (readonly [string, string])[] = [
  ['sha256= alone', 'sha256='],
  ['63 digits', right.slice(0, -1)],
  ['65 digits', `${right}0`],
  ['no hex', `sha256=${'z'.repeat(64)}`],
  ['not ASCII', `sha256=${'é'.repeat(64)}`],
  ['10 KB', `sha256=${'0'.repeat(10_000)}`],
  ['given twice', `${right}, ${right}`],
  ['without its prefix', right.slice('sha256='.length)],
  ['of another body', sign('Hello, World?')],
  ['of another secret', sign('Hello, World!', other)],
]
test.each(wrong)('V2: refuses a wrong signature, without an exception: %s', async (_, header) => {
  const delivery = signedDelivery({
    secret,
    body: 'Hello, World!',
    headers: { 'x-hub-signature-256': header },
  })
  const { outcome, log } = await verify(delivery, { secrets: [secret] })
  expect(outcome).toMatchObject({
    status: 'failure',
    error: { code: 'signature_invalid', message: 'Invalid signature' },
  })
  expect(log).toEqual(['WARNING - Invalid signature. Aborting.'])
})

test('V6, V9: other ways to sign do not count', async () => {
  const body = 'Hello, World!'
  const sha1 = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
  const headers = [
    { 'x-hub-signature': sha1 },
    { 'x-hub-signature': right },
    { 'x-gitlab-token': secret },
    { 'x-gitea-signature': right.slice('sha256='.length) },
    { authorization: `Bearer ${secret}` },
  ]
  for (const extra of headers) {
    const delivery = signedDelivery({ secret, body, headers: { ...extra, 'x-hub-signature-256': undefined } })
    const { outcome } = await verify(delivery, { secrets: [secret] })
    expect(outcome).toMatchObject({ error: { code: 'signature_missing' } })
  }
})

test('a wrong signature is refused even where unsigned deliveries are allowed', async () => {
  const { outcome } = await verify(signedDelivery({ secret: other }), {
    secrets: [secret],
    allowUnsigned: true,
  })
  expect(outcome).toMatchObject({ error: { code: 'signature_invalid' } })
})

test("without any secret, where that is allowed: accepted with the seed's warning", async () => {
  for (const headers of [{}, { 'x-hub-signature-256': undefined }]) {
    const { outcome, log } = await verify(signedDelivery({ secret, headers }), {
      secrets: [],
      allowUnsigned: true,
    })
    expect(outcome).toMatchObject({ status: 'success', ctx: { event: 'push', signedBy: [] } })
    expect(log).toEqual([
      'WARNING - GITHUB_WEBHOOK_SECRET is not set. Skipping signature verification (NOT RECOMMENDED FOR PRODUCTION).',
    ])
  }
})

test('an unsigned delivery beside secrets, where that is allowed: accepted with a warning', async () => {
  const delivery = signedDelivery({ secret, headers: { 'x-hub-signature-256': undefined } })
  const { outcome, log } = await verify(delivery, { secrets: [secret], allowUnsigned: true })
  expect(outcome).toMatchObject({ status: 'success', ctx: { signedBy: [] } })
  expect(log).toEqual([
    'WARNING - Signature header missing. Accepted, as unsigned deliveries are allowed (NOT RECOMMENDED FOR PRODUCTION).',
  ])
})

test('V3: refuses to be made without a secret, or with an empty one', () => {
  expect(() => verifySignature({ secrets: [] })).toThrow('no secret given')
  expect(() => verifySignature({ secrets: [secret, ''] })).toThrow('the secret webhook.secrets[1] is empty')
  expect(() => verifySignature({ secrets: [{ id: 'apps.shop.webhookSecrets[0]', value: '' }] })).toThrow(
    'the secret apps.shop.webhookSecrets[0] is empty',
  )
})

test('an event that is missing is refused', async () => {
  expect((await verifyEvent('')).outcome).toMatchObject({
    error: { code: 'payload_invalid', message: 'X-GitHub-Event header missing' },
  })
})

test.each(['push, ping', 'push, push', ' push', 'ping\u001b[2J', 'x'.repeat(51), 'größe', '{}'])(
  'an event that is no name, or two of them, is refused: %j',
  async (event) => {
    expect((await verifyEvent(event)).outcome).toMatchObject({
      error: { code: 'payload_invalid', message: 'X-GitHub-Event must be the name of one event' },
    })
  },
)

test('V16: an event that nobody knows yet is an event', async () => {
  expect((await verifyEvent('workflow_run.v2-beta')).outcome.ctx.event).toBe('workflow_run.v2-beta')
})

test('V22: neither log nor error shows the secret or the signature that would have been right', async () => {
  const good = signedDelivery({ secret })
  const expected = good.headers['x-hub-signature-256'] ?? ''
  const bad = [
    signedDelivery({ secret: other }),
    signedDelivery({ secret, headers: { 'x-hub-signature-256': undefined } }),
  ]
  for (const delivery of [good, ...bad]) {
    const { outcome, log } = await verify(delivery, { secrets: [secret] })
    const { error } = { error: undefined, ...outcome }
    const told = [...log, String(error), JSON.stringify(error) ?? ''].join('\n')
    expect(told).not.toContain(secret)
    expect(told).not.toContain(expected.slice('sha256='.length))
  }
})

async function verifyEvent(event: string): Promise<Result> {
  return verify(signedDelivery({ secret, event }), { secrets: [secret] })
}

function named(word: string): string {
  return `the secret called ${word}`
}

function sign(text: string, by = secret): string {
  return `sha256=${createHmac('sha256', by).update(text).digest('hex')}`
}
