import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText, pythonList } from '../src/text.ts'

const texts: readonly (readonly [string, string, string])[] = [
  ['plain text stays', 'Fix the cart: 3 < 4 & "more"', 'Fix the cart: 3 < 4 & "more"'],
  ['letters of every script stay', 'café 東京 🚀 אב', 'café 東京 🚀 אב'],
  [
    'a forged log line',
    'ada\n2026-01-31 - INFO - ✅ finished\r\tx',
    'ada\\n2026-01-31 - INFO - ✅ finished\\r\\tx',
  ],
  ['a cleared screen and a title', '\u001b[2J\u001b]0;x\u0007', '\\x1b[2J\\x1b]0;x\\x07'],
  ['NUL, DEL and C1', '\0\u007f\u009b', '\\x00\\x7f\\x9b'],
  [
    'bidi controls',
    '\u202eevil\u202c \u2066x\u2069 \u061c\u200f',
    '\\u202eevil\\u202c \\u2066x\\u2069 \\u061c\\u200f',
  ],
  ['what looks like nothing', 'a\u200bb\u2060c\ufeff', 'a\\u200bb\\u2060c\\ufeff'],
  ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['half a character', 'a\ud83d \ude80', 'a\\ud83d \\ude80'],
]
test.each(texts)('cleanText: %s', (_, text, shown) => {
  expect(cleanText(text)).toBe(shown)
})

test('cleanText cuts what is too long, and never through a character', () => {
  expect(cleanText('a'.repeat(200))).toBe('a'.repeat(200))
  expect(cleanText('a'.repeat(201))).toBe(`${'a'.repeat(200)}…`)
  expect(cleanText('abcdef', 3)).toBe('abc…')
  expect(cleanText('ab🚀cd', 3)).toBe('ab…')
})

test('cleanText: whatever comes in, what comes out is harmless, short, and clean already', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  )
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 50 }), (text, limit) => {
      const shown = cleanText(text, limit)
      expect(shown).not.toMatch(
        /[\p{Cc}\p{Cs}\u061c\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u,
      )
      expect(shown.length).toBeLessThanOrEqual(limit + 1)
      expect(cleanText(shown, Infinity)).toBe(shown)
    }),
  )
})

const lists: readonly (readonly [readonly string[], string])[] = [
  [[], '[]'],
  [['a'], "['a']"],
  [['Dockerfile', 'web/index.html'], "['Dockerfile', 'web/index.html']"],
  [["it's"], `["it's"]`],
  [['say "x"'], `['say "x"']`],
  [[`it's "x"`], `['it\\'s "x"']`],
  [['a\\b'], "['a\\\\b']"],
  [['a\nb\t\r'], "['a\\nb\\t\\r']"],
  [['\u001b[2J\u007f\u0085'], "['\\x1b[2J\\x7f\\x85']"],
  [['\u202e\u2028\ufeff'], "['\\u202e\\u2028\\ufeff']"],
  [['\ud800'], "['\\ud800']"],
  [['café 東京 🚀'], "['café 東京 🚀']"],
]
test.each(lists)('pythonList(%j) is what Python prints: %s', (items, shown) => {
  expect(pythonList(items)).toBe(shown)
})
