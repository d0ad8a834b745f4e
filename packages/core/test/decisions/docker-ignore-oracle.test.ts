import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dockerIgnore } from '../../src/decisions/docker-ignore.ts'
import { docker } from '../support/docker.ts'

let directory: string
const files: string[] = []

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairway-ignore-'))
  for (const name of ['a', 'foo', 'c++', 'e f', 'ü', '😀', 'x.txt', 'constructor', '!m', '#n', '(d)']) {
    files.push(`f-${name}`, `${name}/x.txt`, `${name}/a/foo`, `${name}/a/b/x.txt`, `${name}/barfoo`)
  }
  for (const file of files) {
    mkdirSync(dirname(join(directory, 'context', file)), { recursive: true })
    writeFileSync(join(directory, 'context', file), file)
  }
  writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY . /\n')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The files that Docker puts into an image. */
async function sent(text: string): Promise<readonly string[]> {
  const [context, out] = [join(directory, 'context'), mkdtempSync(join(directory, 'out-'))]
  writeFileSync(join(context, '.dockerignore'), text)
  await docker(
    'buildx',
    'build',
    '--quiet',
    '--file',
    join(directory, 'Dockerfile'),
    '--output',
    out,
    context,
  )
  const found = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return found.map((entry) => relative(out, join(entry.parentPath, entry.name))).toSorted()
}

const texts = [
  'a',
  'a\n!a/a/foo\n',
  '!a/a/foo\na\n',
  '*\n!a\n!e f/x.txt',
  '*/a\n!**/foo',
  '**/x.txt\n!ü/**/x.txt',
  '**foo\n!**/a/foo',
  'a/**\n!a/a/**',
  '*\na\n!a/b\n!foo/a/foo',
  '/c++/\n./e f/../ü',
  'f-?\n[a-f]*/a\n[^a]/x.txt',
  '  #n\n#n/x.txt\n\\#n/a\n\\!m',
  '\uFEFFa\r\n!a/x.txt\r\n',
  '.\n/\n**/a/**\n!**/a/b',
  '',
]

test.for(texts)('of a context with the ignore file %j Docker sends what we say', async (text) => {
  const ignore = dockerIgnore(text)
  expect(ignore.isCertain).toBe(true)
  const expected = ['.dockerignore', ...files].filter((file) => !ignore.ignores(file)).toSorted()
  expect(await sent(text)).toEqual(expected)
})

test.for(['[a', '!', 'a\\'])('%j is refused by Docker, and nothing is said of it', async (text) => {
  expect(dockerIgnore(text).isCertain).toBe(false)
  await expect(sent(text)).rejects.toThrow('docker buildx build')
})
