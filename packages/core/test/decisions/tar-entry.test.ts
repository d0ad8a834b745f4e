import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { type TarEntry, tarEnd, tarHeader, tarPadding } from '../../src/decisions/tar-entry.ts'

const entry = (changes: Partial<TarEntry>): TarEntry => ({
  path: 'a.txt',
  kind: 'file',
  mode: 0o644,
  size: 0,
  modifiedAt: 1_700_000_000,
  ...changes,
})

function list(...archive: readonly Buffer[]): readonly string[] {
  const options = [
    '--list',
    '--verbose',
    '--full-time',
    '--numeric-owner',
    '--quoting-style=literal',
    '--utc',
  ]
  const listed = execFileSync('tar', options, { input: Buffer.concat([...archive, tarEnd]) }).toString()
  return listed.trimEnd().split('\n')
}

const long = `${'d'.repeat(99)}/${'ümlaut '.repeat(20)}end`
test.each<[what: string, entry: Partial<TarEntry>, listed: string]>([
  ['a file', {}, '-rw-r--r-- 0/0 0 2023-11-14 22:13:20 a.txt'],
  ['a program', { mode: 0o755, path: 'bin/run' }, '-rwxr-xr-x 0/0 0 2023-11-14 22:13:20 bin/run'],
  ['a folder', { kind: 'directory', path: 'bin', mode: 0o2750 }, 'drwxr-s--- 0/0 0 2023-11-14 22:13:20 bin/'],
  [
    'a symbolic link',
    { kind: 'link', mode: 0o777, target: '../x' },
    'lrwxrwxrwx 0/0 0 2023-11-14 22:13:20 a.txt -> ../x',
  ],
  ['a long path', { path: long }, `-rw-r--r-- 0/0 0 2023-11-14 22:13:20 ${long}`],
  [
    'a long target',
    { kind: 'link', mode: 0o777, target: long },
    `lrwxrwxrwx 0/0 0 2023-11-14 22:13:20 a.txt -> ${long}`,
  ],
  ['a time before 1970', { modifiedAt: -5 }, '-rw-r--r-- 0/0 0 1970-01-01 00:00:00 a.txt'],
])('tar reads %s', (_, changes, listed) => {
  const lines = list(tarHeader(entry(changes)))
  expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([listed.replaceAll(/ +/g, ' ')])
})

test('tar finds the next file behind the padding', () => {
  const content = Buffer.from('hello')
  const lines = list(
    tarHeader(entry({ size: content.length })),
    content,
    tarPadding(content.length),
    tarHeader(entry({ path: 'b.txt' })),
  )
  expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['a.txt', 'b.txt'])
})

test('a file of more than 8 GiB has its size where it fits', () => {
  const header = tarHeader(entry({ size: 9 * 1024 ** 3 })).toString('latin1')
  expect(header).toContain('19 size=9663676416\n')
})
