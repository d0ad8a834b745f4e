import { pushPayload } from '@fairway/core/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryHeaders } from '../../src/delivery-headers.ts'
import { front, type Given, own, previous, secret } from './support.ts'

// What was told is looked at when a test ends, in this file as in all others: see `front`.

const forged = `sha256=${'0'.repeat(64)}`
const cases: fc.Arbitrary<Given> = fc.record({
  secret: fc.constantFrom(secret, previous, own, 'a secret that nobody configured'),
  event: fc.constantFrom('push', 'ping', 'star', '', 'a, b'),
  payload: fc.oneof(
    fc.constantFrom(
      pushPayload(),
      pushPayload({ repository: 'acme/blog' }),
      pushPayload({ ref: 'refs/tags/v1' }),
    ),
    fc.jsonValue(),
  ),
  contentType: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', ''),
  headers: fc.oneof(
    fc.constant({}),
    fc.record({
      'x-hub-signature-256': fc.constantFrom(forged, undefined, 'sha256=', `${forged}, ${forged}`),
    }),
    fc.constantFrom<NonNullable<Given['headers']>>(
      { 'x-gitlab-token': secret },
      { 'x-github-encoded-secret': secret },
      { authorization: `Bearer ${own}`, 'content-encoding': 'gzip' },
      { 'x-forwarded-for': secret, 'user-agent': previous, accept: secret, host: 'x' },
    ),
  ),
})

test('V22: no answer and no line of the log tells a secret, a right signature, or a header nobody asked for', async () => {
  const { post, lines } = front()
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      statuses.add((await post(given)).status)
    }),
    { numRuns: 500 },
  )
  for (const status of [200, 202, 400, 401, 415]) expect(statuses).toContain(status)
  expect(lines.length).toBeGreaterThan(100)
})

test('V22: four headers of a delivery get past the door, and no others', () => {
  const sent = {
    'Content-Type': 'application/json',
    'X-GitHub-Event': 'push',
    'X-GitHub-Delivery': 'd-1',
    'X-Hub-Signature-256': forged,
    'X-GitHub-Encoded-Secret': secret,
    'X-Hub-Signature': 'sha1=x',
    Authorization: 'Bearer x',
    Cookie: 'x=y',
    __proto__: 'x',
  }
  expect(deliveryHeaders(new Headers(sent))).toEqual({
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': 'd-1',
    'x-hub-signature-256': forged,
  })
  expect(deliveryHeaders(new Headers())).toEqual({})
})
