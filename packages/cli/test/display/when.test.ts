import { expect, test } from 'vitest'
import { ago, lasted, localTime } from '../../src/display/when.ts'

const now = new Date('2026-01-31T12:00:00Z')

test.each([
  ['2026-01-31T12:00:00Z', 'just now'],
  ['2026-01-31T12:00:09Z', 'just now'],
  ['2026-01-31T11:59:59Z', '1 s ago'],
  ['2026-01-31T11:59:01Z', '59 s ago'],
  ['2026-01-31T11:57:00Z', '3 min ago'],
  ['2026-01-31T10:00:00Z', '2 h ago'],
  ['2026-01-01T00:00:00Z', '30 d ago'],
])('%s is %s', (time, text) => {
  expect(ago(time, now)).toBe(text)
})

test('a time is shown as the clock on the wall has it', () => {
  expect(localTime(new Date(2026, 0, 31, 9, 5).toISOString())).toBe('2026-01-31 09:05')
})

test('how long something took', () => {
  expect(lasted('2026-01-31T12:00:00Z', '2026-01-31T12:00:12.4Z')).toBe('12 s')
  expect(lasted('2026-01-31T12:00:00Z', '2026-01-31T12:03:05Z')).toBe('3 min 5 s')
})
