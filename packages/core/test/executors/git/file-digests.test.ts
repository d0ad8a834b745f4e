import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileDigests } from '../../../src/executors/git/file-digests.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairway-digests-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const at = (name: string): string => join(directory, name)

test('reads a file again only when it changed, or changed so lately that it may have done so unseen', async () => {
  const reads: string[] = []
  let ahead = 0
  const digest = fileDigests({
    now: () => Date.now() + ahead,
    read: async (path) => {
      reads.push(path)
      return readFileSync(path, 'utf8')
    },
  })
  writeFileSync(at('a'), 'one\n')
  const first = await digest(at('a'))
  expect(await digest(at('a'))).toEqual(first)
  expect(reads).toHaveLength(2)
  ahead = 60_000
  expect([await digest(at('a')), await digest(at('a'))]).toEqual([first, first])
  expect(reads).toHaveLength(3)
  const { atime, mtime } = statSync(at('a'))
  writeFileSync(at('a'), 'two\n')
  utimesSync(at('a'), atime, mtime)
  expect(await digest(at('a'))).not.toEqual(first)
})

test('tells content, permissions, links and files apart', async () => {
  const digest = fileDigests()
  writeFileSync(at('a'), 'one\n')
  writeFileSync(at('b'), 'one\n')
  symlinkSync('one\n', at('link'))
  const [a, b, link] = await Promise.all(['a', 'b', 'link'].map((name) => digest(at(name))))
  expect(a).toEqual(b)
  expect(link).not.toEqual(a)
  chmodSync(at('b'), 0o600)
  expect(await digest(at('b'))).not.toEqual(a)
})

test('nothing is nothing, nor is a folder or a socket', async () => {
  const digest = fileDigests()
  const server = createServer().listen(at('socket'))
  await new Promise((resolve) => server.once('listening', resolve))
  expect(await Promise.all(['gone', '.', 'socket'].map((name) => digest(at(name))))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  await new Promise((resolve) => server.close(resolve))
})
