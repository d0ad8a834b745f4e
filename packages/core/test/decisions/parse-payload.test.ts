import * as fc from 'fast-check'
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
test.each(types)('V5: reads the payload of %s', (contentType) => {
  const payload = pushPayload({ ref: 'refs/heads/a+b & 100% = 東京' })
  expect(parse({ payload, contentType })).toEqual(payload)
})

test('V4: a byte order mark and bytes that are no UTF-8 do not matter', () => {
  expect(parse({ body: '\ufeff{"ref":"x"}' })).toEqual({ ref: 'x' })
  const broken = Uint8Array.of(0x22, 0x61, 0xff, 0x22)
  expect(parse({ body: broken })).toBe('a\ufffd')
})

test('JSON that is no object is read all the same; what it means is decided later', () => {
  for (const payload of [null, [], 'x', {}, 1, true]) expect(parse({ payload })).toEqual(payload)
})

test('S31: a key called __proto__ is just a key', () => {
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

test('V4: escapes and numbers that JSON would print otherwise are read as JSON has them', () => {
  expect(parse({ body: '{"ref":"\\u003cx\\u003e","size":1.0,"id":12345678901234567890}' })).toEqual({
    ref: '<x>',
    size: 1,
    id: 12345678901234567000,
  })
})

test('a form with two payloads is refused, as one of them would go unseen', () => {
  const contentType = 'application/x-www-form-urlencoded'
  expect(() => parse({ body: 'payload=%7B%7D&payload=%7B%7D', contentType })).toThrow(
    expect.objectContaining({ code: 'payload_invalid', message: 'The form has more than one payload' }),
  )
})

const deeper = 'The payload is nested more than 100 levels deep'
test('S32: 100 levels are read, 101 are not', () => {
  expect(parse({ body: nested(100) })).toEqual(JSON.parse(nested(100)))
  expect(() => parse({ body: nested(101) })).toThrow(deeper)
  expect(() => parse({ body: `{"a":${nested(100)}}` })).toThrow(deeper)
  const form = new URLSearchParams({ payload: nested(101) }).toString()
  expect(() => parse({ body: form, contentType: 'application/x-www-form-urlencoded' })).toThrow(deeper)
})

test('S32: levels are counted, not brackets: many beside each other, or in texts, are no depth', () => {
  for (const body of [
    JSON.stringify(Array.from({ length: 1_000 }, () => [{}])),
    JSON.stringify({ message: '['.repeat(1_000) }),
    JSON.stringify({ message: `\\" ${'{'.repeat(1_000)} "\\\\`, next: ['\\'] }),
  ]) {
    expect(parse({ body })).toEqual(JSON.parse(body))
  }
})

test('S32: a text that seems to end does not hide what is deep behind it', () => {
  expect(() => parse({ body: `{"a":"\\\\","b":${nested(101)}}` })).toThrow(deeper)
  expect(() => parse({ body: `{"a":"\\"","b":${nested(101)}}` })).toThrow(deeper)
})

test('S32: it is the same for a long text, which is looked at before it is parsed', () => {
  const long = (levels: number): string =>
    `{"text":${JSON.stringify('x'.repeat(40_000))},"a":${nested(levels - 1)}}`
  expect(parse({ body: long(100) })).toEqual(JSON.parse(long(100)))
  expect(() => parse({ body: long(101) })).toThrow(deeper)
})

test('S32: a million levels are refused before anything is parsed', () => {
  const began = performance.now()
  expect(() => parse({ body: nested(1_000_000) })).toThrow(deeper)
  expect(() => parse({ body: '['.repeat(20_000_000) })).toThrow(deeper)
  expect(() => parse({ body: '{"a":'.repeat(1_000_000) })).toThrow(deeper)
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('S32: whatever is not too deep is parsed as JSON.parse does it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (body) => {
      expect(parse({ body })).toEqual(JSON.parse(body))
    }),
  )
})

function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`
}
