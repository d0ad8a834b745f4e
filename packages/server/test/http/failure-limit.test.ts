import { expect, test } from 'vitest'
import { failureLimit } from '../../src/http/failure-limit.ts'

test('the first failures of an address go through, further ones are told how long to wait', () => {
  let time = 0
  const limit = failureLimit({ most: 2, window: 60_000, now: () => time })
  expect([limit.failed('a'), limit.failed('a'), limit.failed('a')]).toEqual([undefined, undefined, 60])
  expect(limit.failed('b')).toBeUndefined()
  time = 59_500
  expect(limit.failed('a')).toBe(1)
  time = 60_000
  expect(limit.failed('a')).toBeUndefined()
})

test('remembers no more addresses than it may', () => {
  const limit = failureLimit({ most: 1, addresses: 2, now: () => 0 })
  limit.failed('a')
  limit.failed('b')
  limit.failed('c')
  expect(limit.failed('a')).toBeUndefined()
  expect(limit.failed('c')).toBe(60)
})
