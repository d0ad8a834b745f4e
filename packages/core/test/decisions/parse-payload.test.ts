import { expect, test } from 'vitest'
import { parsePayload } from '../../src/decisions/parse-payload.ts'
import { pushPayload, signedDelivery, type SignedDeliveryOptions } from '../../src/testing/signed-delivery.ts'

const secret = 'a secret of some length'
const parse = (options: Omit<SignedDeliveryOptions, 'secret'>): unknown =>
  parsePayload(signedDelivery({ secret, ...options }))

const types = [
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON ;x=y',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-8',
]
test.each(types)('reads the payload of %s', (contentType) => {
  const payload = pushPayload({ ref: 'refs/heads/a+b & 100% = 東京' })
  expect(parse({ payload, contentType })).toEqual(payload)
})

test('a byte order mark and bytes that are no UTF-8 do not matter', () => {
  expect(parse({ body: '\ufeff{"ref":"x"}' })).toEqual({ ref: 'x' })
  const broken = Uint8Array.of(0x22, 0x61, 0xff, 0x22)
  expect(parse({ body: broken })).toBe('a\ufffd')
})

test('JSON that is no object is read all the same; what it means is decided later', () => {
  for (const payload of [null, [], 'x', {}, 1, true]) expect(parse({ payload })).toEqual(payload)
})

test('a key called __proto__ is just a key', () => {
  const payload = parse({ body: '{"__proto__":{"polluted":true}}' })
  expect(Object.keys(Object(payload))).toEqual(['__proto__'])
  expect(payload).not.toHaveProperty('polluted')
})

const invalid: readonly (readonly [string, Omit<SignedDeliveryOptions, 'secret'>])[] = [
  ['nothing', { body: '' }],
  ['no JSON', { body: 'ref=x' }],
  ['half of it', { body: '{"ref":' }],
  ['two values', { body: '{} {}' }],
  ['a form without payload', { body: 'data=%7B%7D', contentType: 'application/x-www-form-urlencoded' }],
  ['a form sent as JSON', { body: 'payload=%7B%7D' }],
  ['JSON sent as a form', { body: '{"ref":"x"}', contentType: 'application/x-www-form-urlencoded' }],
]
test.each(invalid)('refuses what is no JSON: %s', (_, options) => {
  expect(() => parse(options)).toThrow(
    expect.objectContaining({ code: 'payload_invalid', message: 'The payload is not valid JSON' }),
  )
})

const unsupported: readonly (readonly [string | undefined, string])[] = [
  ['text/plain', 'Content type text/plain is not supported'],
  ['application/json5', 'Content type application/json5 is not supported'],
  ['multipart/form-data; boundary=x', 'Content type multipart/form-data is not supported'],
  ['text/\u001b[2J', 'Content type text/\\x1b[2j is not supported'],
  ['x'.repeat(10_000), `Content type ${'x'.repeat(100)}… is not supported`],
  ['', 'A delivery without a content type is not supported'],
  [undefined, 'A delivery without a content type is not supported'],
]
test.each(unsupported)('refuses another content type: %s', (type, message) => {
  expect(() => parse({ headers: { 'content-type': type } })).toThrow(
    expect.objectContaining({ code: 'content_type_unsupported', message }),
  )
})
