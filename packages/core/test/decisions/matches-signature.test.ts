import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesSignature } from '../../src/decisions/matches-signature.ts'

// GitHub's published example ("Validating webhook deliveries").
const secret = "It's a Secret to Everybody"
const body = bytes('Hello, World!')
const digest = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

test("V1: accepts GitHub's published example, in either case", () => {
  expect(matchesSignature(body, `sha256=${digest}`, secret)).toBe(true)
  expect(matchesSignature(body, `SHA256=${digest.toUpperCase()}`, secret)).toBe(true)
})

const malformed: readonly (readonly [string, string])[] = [
  ['missing', ''],
  ['no digits', 'sha256='],
  ['no prefix', digest],
  ['63 digits', `sha256=${digest.slice(1)}`],
  ['65 digits', `sha256=${digest}0`],
  ['128 digits', `sha256=${digest}${digest}`],
  ['no hex', `sha256=${'z'.repeat(64)}`],
  ['one digit that is none', `sha256=${digest.slice(0, -1)}g`],
  ['full-width digits', `sha256=${'０'.repeat(64)}`],
  ['not ASCII', `sha256=${'é'.repeat(64)}`],
  ['10 KB', `sha256=${'a'.repeat(10_000)}`],
  ['given twice', `sha256=${digest}, sha256=${digest}`],
  ['a line after it', `sha256=${digest}\n`],
  ['a space before it', ` sha256=${digest}`],
  ['a space after the prefix', `sha256= ${digest}`],
  ['base64', `sha256=${Buffer.from(digest, 'hex').toString('base64')}`],
  ['another algorithm', `sha512=${digest}`],
  ['the prefix of sha1', `sha1=${digest}`],
  ['sha1 only', `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`],
  ['the secret itself', secret],
  ['sha256 without the secret', `sha256=${'e3b0c442'.repeat(8)}`],
]
test.each(malformed)('V2: refuses a signature that is malformed, without an exception: %s', (_, header) => {
  expect(matchesSignature(body, header, secret)).toBe(false)
})

test('V2: refuses two values that are no hex and would decode to the same nothing', () => {
  expect(matchesSignature(bytes(''), 'sha256=zz', 'zz')).toBe(false)
})

test('V3: an empty secret signs nothing, though HMAC would take it', () => {
  const forged = createHmac('sha256', '').update(body).digest('hex')
  expect(matchesSignature(body, `sha256=${forged}`, '')).toBe(false)
})

test('V1: one bit changed anywhere, in body or signature, or another secret: refused', () => {
  for (let bit = 0; bit < body.length * 8; bit += 1) {
    expect(matchesSignature(flip(body, bit), `sha256=${digest}`, secret)).toBe(false)
  }
  const signature = Buffer.from(digest, 'hex')
  for (let bit = 0; bit < 256; bit += 1) {
    const changed = Buffer.from(flip(signature, bit)).toString('hex')
    expect(matchesSignature(body, `sha256=${changed}`, secret)).toBe(false)
  }
  expect(matchesSignature(body, `sha256=${digest}`, `${secret} `)).toBe(false)
})

const bodies: readonly (readonly [string, Uint8Array])[] = [
  ['a byte order mark', bytes('\ufeff{"a":1}')],
  ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)],
  ['escapes', bytes('{"a":"\\u003c"}')],
  ['a number that JSON would print otherwise', bytes('{"a":1.0,"b":12345678901234567890}')],
  ['nothing', bytes('')],
]
test.each(bodies)('V4: signs the bytes as they are: %s', (_, raw) => {
  const signature = createHmac('sha256', secret).update(raw).digest('hex')
  expect(matchesSignature(raw, `sha256=${signature}`, secret)).toBe(true)
})

test('accepts what was signed with the same secret, and only that; no text is an exception', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1 }),
      (raw, one, other) => {
        const signature = createHmac('sha256', one).update(raw).digest('hex')
        expect(matchesSignature(raw, `sha256=${signature}`, one)).toBe(true)
        // HMAC pads a short key with NULs, so those are the same key.
        const same = trimNul(one) === trimNul(other)
        expect(matchesSignature(raw, `sha256=${signature}`, other)).toBe(same)
        expect(matchesSignature(raw, other, one)).toBe(false)
      },
    ),
  )
})

function flip(data: Uint8Array, bit: number): Uint8Array {
  return data.map((byte, index) => (index === Math.floor(bit / 8) ? byte ^ (1 << (bit % 8)) : byte))
}

function trimNul(text: string): string {
  return text.replace(/\0+$/, '')
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
