import { expect, test } from 'vitest'
import { environmentWord, execWord, pathWord, restOfLine } from '../../src/systemd/escape.ts'

test.each([
  ['/usr/bin/node', '/usr/bin/node'],
  ['--config', '--config'],
  ['', '""'],
  ['/srv/my shop', '"/srv/my shop"'],
  ['100%', '"100%%"'],
  ['$HOME', '"$$HOME"'],
  ['a"b', String.raw`"a\"b"`],
  [String.raw`a\b`, String.raw`"a\\b"`],
  ["it's", '"it\'s"'],
  ['two\nlines', String.raw`"two\x0alines"`],
  [';', '";"'],
])('a word of ExecStart: %j', (text, written) => {
  expect(execWord(text)).toBe(written)
})

test('Environment knows no variables', () => {
  expect(environmentWord('A=$B 5%')).toBe('"A=$B 5%%"')
})

test('a path in a list, and as the rest of a line', () => {
  expect(pathWord('/srv/my 100% "shop"')).toBe(String.raw`"/srv/my 100%% \"shop\""`)
  expect(restOfLine('/srv/my 100% "shop"')).toBe('/srv/my 100%% "shop"')
})

test.each(['/srv/two\nlines', '/srv/\u0007'])('what can not be written is refused: %j', (path) => {
  expect(() => pathWord(path)).toThrow('systemd has no way to write it')
  expect(() => restOfLine(path)).toThrow('systemd has no way to write it')
})

test.each(['/srv/space ', String.raw`/srv/back\slash` + '\\'])('%j is no end of a line', (path) => {
  expect(() => restOfLine(path)).toThrow('systemd has no way to write it')
})
