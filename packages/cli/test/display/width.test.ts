import { expect, test } from 'vitest'
import { cutToWidth, shorten, widthOf } from '../../src/display/width.ts'

test.each([
  ['shop', 4],
  ['漢字', 4],
  ['한글', 4],
  ['🚀', 2],
  ['👩‍👩‍👧', 2],
  ['🇪🇺', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['', 0],
])('%s takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

test('a wide character that would not fit whole is left out', () => {
  expect(cutToWidth('a漢字', 2)).toBe('a')
  expect(cutToWidth('a漢字', 3)).toBe('a漢')
})

test('a text that is cut says so', () => {
  expect(shorten('Fix the basket', 14)).toBe('Fix the basket')
  expect(shorten('Fix the basket', 8)).toBe('Fix the…')
  expect(shorten('Fix the basket', 9)).toBe('Fix the…')
  expect(shorten('漢字漢字', 6)).toBe('漢字…')
})
