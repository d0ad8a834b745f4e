import { expect, test } from 'vitest'
import { failureLimit } from '../../src/http/failure-limit.ts'

test('the first failures of an address go through, further ones are told how long to wait', () => {
  let time = 0
  const limit = failureLimit({ most: 2, window: 60_000, now: () => time })
  expect([limit.failed('a'), limit.failed('a'), limit.failed('a')]).toEqual([undefined, undefined, 60])
  expect([limit.limited('a'), limit.limited('b')]).toEqual([true, false])
  expect(limit.failed('b')).toBeUndefined()
  time = 59_500
  expect(limit.failed('a')).toBe(1)
  time = 60_000
  expect(limit.limited('a')).toBe(false)
  expect(limit.failed('a')).toBeUndefined()
})

test('remembers no more than it may, the latest ones', () => {
  const limit = failureLimit({ most: 1, networks: 2, now: () => 0 })
  for (const address of ['a', 'b', 'c']) limit.failed(address)
  expect(limit.failed('a')).toBeUndefined()
  expect(limit.failed('c')).toBe(60)
})

test('a hundred thousand addresses fill it no more than ten thousand do', () => {
  const limit = failureLimit({ most: 1, now: () => 0 })
  const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
  for (let i = 0; i < 100_000; i++) limit.failed(address(i))
  // Looked at by what it does: the last ten thousand are remembered, exactly.
  for (let i = 0; i < 100_000; i++) limit.limited(address(i))
  expect(limit.failed(address(90_000))).toBe(60)
  expect(limit.failed(address(89_999))).toBeUndefined()
})
