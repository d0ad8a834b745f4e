import { expect, test } from 'vitest'
import { readBuildStatus } from '../../src/decisions/read-build-status.ts'

const text = (field: number, value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(bytes.length)]), bytes])
}
const number = (field: number, value: number): Buffer => Buffer.from([field * 8, ...varint(value)])
function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
const encode = (...parts: readonly Buffer[]): string => Buffer.concat(parts).toString('base64')

const time = text(5, Buffer.concat([number(1, 1_795_542_720), number(2, 5)]))
const step = (...more: readonly Buffer[]): Buffer =>
  text(1, Buffer.concat([text(1, 'sha256:a'), text(2, 'sha256:in'), text(3, '[1/2] COPY . /x'), ...more]))

test('reads steps and what their commands wrote, and passes over the rest', () => {
  const log = Buffer.concat([text(1, 'sha256:a'), number(3, 2), text(4, `${'grüße '.repeat(50)}\n`)])
  const fixed = Buffer.from([9 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8, 10 * 8 + 5, 1, 2, 3, 4])
  const status = readBuildStatus(
    encode(step(time), text(2, 'transfer'), fixed, text(3, log), step(number(4, 1))),
  )
  expect(status).toMatchObject({
    steps: [
      { digest: 'sha256:a', name: '[1/2] COPY . /x', started: true, cached: false },
      { started: false, cached: true },
    ],
    logs: [{ step: 'sha256:a', stream: 2 }],
  })
  expect(status.logs[0]?.bytes.toString()).toBe(`${'grüße '.repeat(50)}\n`)
})

test('an empty message says nothing', () => {
  expect(readBuildStatus('')).toEqual({ steps: [], logs: [] })
})

test.each([
  ['one that ends in a number', 'iA=='],
  ['one that ends in a text', encode(text(1, 'sha256')).slice(0, 8)],
  ['one that is something else', encode(Buffer.from('what?'))],
])('refuses %s', (_, message) => {
  expect(() => readBuildStatus(message)).toThrow(/message of BuildKit/i)
})
