import { expect, test } from 'vitest'
import { parseEnv } from '../../src/decisions/parse-env.ts'

test.each([
  ['DEBUG=true\nCOLOR=red\n', { DEBUG: 'true', COLOR: 'red' }],
  ['\r\n\r\nDEBUG="True" # comment\r\n \t\n\nexport COLOR=\n', { DEBUG: 'True', COLOR: '' }],
  ['\uFEFFCOLOR=red\n', { COLOR: 'red' }],
  ['KEY="-----\n\nlines\n-----"\nCOLOR=red\n', { KEY: '-----\nlines\n-----', COLOR: 'red' }],
  ['', {}],
])('S21: %j', (text, expected) => {
  expect(parseEnv(text)).toEqual(expected)
})

test.each(['\n', ' \n', '\r', '\v', '\u2028', 'A="\n', "A='\\'x\n"])(
  'S21: a mebibyte of %j takes no longer than it is long',
  (piece) => {
    const began = performance.now()
    parseEnv(piece.repeat(1024 ** 2 / piece.length))
    expect(performance.now() - began).toBeLessThan(3_000)
  },
)
