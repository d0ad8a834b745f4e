import { expect, test } from 'vitest'
import { type Column, table } from '../../src/display/table.ts'
import { widthOf } from '../../src/display/width.ts'

const columns: readonly Column[] = [
  { title: 'ID' },
  { title: 'APP', least: 4 },
  { title: 'CREATED', spare: 2 },
  { title: 'SUBJECT', least: 10, spare: 1 },
]
const rows = [
  ['1a2b3c4d', 'shop', '2026-01-31 12:04', 'Fix the basket that forgot what was in it'],
  ['5e6f7a8b', 'a-rather-long-name', '2026-01-31 12:03', '漢字の件名と 🚀 の絵文字'],
]

test('where all fits, all is shown, and columns are as wide as they must be', () => {
  expect(table(columns, [['1', 'shop', 'today', 'Fix']], Infinity)).toEqual([
    'ID  APP   CREATED  SUBJECT',
    '1   shop  today    Fix',
  ])
})

test.each([10, 20, 40, 60, 80, 120])('no line is wider than %i columns', (width) => {
  const lines = table(columns, rows, width)
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width)
})

test('what can be spared is left out before what matters is cut to nothing', () => {
  expect(table(columns, rows, 40)).toEqual([
    'ID        APP             SUBJECT',
    '1a2b3c4d  shop            Fix the baske…',
    '5e6f7a8b  a-rather-long…  漢字の件名と…',
  ])
  expect(table(columns, rows, 20)[2]).toBe('5e6f7a8b  a-rather-…')
})

test('a column that is empty in every row is not shown', () => {
  expect(table(columns, [['1', 'shop', '', '']], 80)).toEqual(['ID  APP', '1   shop'])
})

test('colour goes on what is shown and takes no room', () => {
  const paint = (text: string): string => `<${text}>`
  const painted = [
    ['1', { text: 'shop', paint }, '', 'Fix'],
    ['2', { text: 'a-rather-long-name', paint }, '', 'Fix'],
  ]
  expect(table(columns, painted, 25).slice(1)).toEqual(['1   <shop>          Fix', '2   <a-rather-lo…>  Fix'])
})
