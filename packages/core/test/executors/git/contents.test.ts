import { chmodSync, existsSync, mkdirSync, renameSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FolderContent } from '../../../src/executors/git.ts'
import { gitBench } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

async function look(path: string, folder = '', edits = true): Promise<FolderContent> {
  const commit = bench.play.git(path, 'rev-parse', 'HEAD')
  const found = await bench.git.contents(path, commit, [folder], { edits })
  return found.get(folder) ?? { beside: [] }
}

async function namesBeside(path: string, folder = '', edits = true): Promise<readonly string[]> {
  return (await look(path, folder, edits)).beside.map(({ file }) => file)
}

const bigger = { a: 'one\n', 'web/x': 'one\n', 'web/deep/y': 'one\n' }

test('gives the ids that git itself has, of folders in one another, with odd names, and of none', async () => {
  const { path } = bench.cloned({ ...bigger, 'ü \n:*/x': '1' })
  const folders = ['', 'web', 'web/deep', 'ü \n:*', 'gone', 'web/x']
  const commit = bench.play.git(path, 'rev-parse', 'HEAD')
  const found = await bench.git.contents(path, commit, folders)
  const own = folders.map((folder) =>
    folder === 'gone' ? undefined : bench.play.git(path, 'rev-parse', `HEAD:${folder}`),
  )
  expect([...found.values()].map(({ tree }) => tree)).toEqual(own)
})

test('looking changes nothing, not even the index, and runs nothing that the checkout brings', async () => {
  const { path } = bench.cloned({ ...bigger, '.gitattributes': '* filter=spy\n' })
  const spy = `#!/bin/sh\necho "$0" >> ${bench.play.path('ran')}\nexec cat\n`
  writeFiles(path, { '.git/hooks/post-index-change': spy, '.git/hooks/spy': spy })
  for (const name of ['post-index-change', 'spy']) chmodSync(join(path, '.git/hooks', name), 0o755)
  for (const key of ['core.fsmonitor', 'filter.spy.clean', 'filter.spy.process']) {
    bench.play.git(path, 'config', key, join(path, '.git/hooks/spy'))
  }
  writeFiles(path, { a: 'one\n', 'web/x': 'two\n' })
  const before = statSync(join(path, '.git/index'), { bigint: true })
  expect(await namesBeside(path)).toEqual(['web/x'])
  const after = statSync(join(path, '.git/index'), { bigint: true })
  expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs])
  expect(existsSync(bench.play.path('ran'))).toBe(false)
})

test('an edit that git was told not to look at counts, until a pull replaces it', async () => {
  const { path } = bench.cloned({ ...bigger, same: 'one\n' })
  bench.play.git(path, 'update-index', '--assume-unchanged', 'a', 'same')
  bench.play.git(path, 'update-index', '--skip-worktree', 'web/x')
  expect(await namesBeside(path)).toEqual([])
  writeFiles(path, { a: 'two\n', 'web/x': 'two\n' })
  expect(await namesBeside(path)).toEqual(['a', 'web/x'])
  expect(await namesBeside(path, 'web')).toEqual(['web/x'])
  expect(await namesBeside(path, '', false)).toEqual([])
})

test('what a sparse checkout leaves out is gone, before a pull and after it', async () => {
  const { path } = bench.cloned(bigger)
  bench.play.git(path, 'sparse-checkout', 'set', '--no-cone', '/a')
  for (const edits of [true, false]) {
    expect((await look(path, '', edits)).beside).toEqual([{ file: 'web/deep/y' }, { file: 'web/x' }])
  }
})

test('what only an index says that git alone can read is seen too', async () => {
  const { path } = bench.cloned(bigger)
  bench.play.git(path, 'update-index', '--index-version', '4')
  bench.play.git(path, 'update-index', '--assume-unchanged', 'a')
  writeFiles(path, { a: 'two\n' })
  expect(await namesBeside(path)).toEqual(['a'])
})

test('staged edits count by what lies there: put back, they are none', async () => {
  const { path } = bench.cloned(bigger)
  writeFiles(path, { a: 'two\n', new: 'x\n' })
  bench.play.git(path, 'add', '--all')
  bench.play.git(path, 'rm', '--quiet', '--cached', 'web/x')
  const { beside } = await look(path)
  expect(beside.map(({ file, digest }) => [file, digest !== undefined])).toEqual([
    ['a', true],
    ['new', true],
    ['web/x', true],
  ])
  writeFiles(path, { a: 'one\n' })
  expect(await namesBeside(path)).toEqual(['new', 'web/x'])
  expect(await namesBeside(path, '', false)).toEqual([])
})

test('a folder that became a link, and a file that became a folder, count as they lie there', async () => {
  const { path } = bench.cloned({ ...bigger, 'other/x': 'one\n', 'other/deep/y': 'one\n' })
  writeFiles(path, { web: null })
  writeFiles(path, { web: { link: 'other' }, a: null })
  writeFiles(path, { 'a/b': 'x\n' })
  const { beside } = await look(path)
  expect(beside.map(({ file, digest }) => [file, digest !== undefined])).toEqual([
    ['a', false],
    ['a/b', true],
    ['web', true],
    ['web/deep/y', false],
    ['web/x', false],
  ])
})

test('an untracked folder is told file by file, also when only a part of it was asked for', async () => {
  const { path } = bench.cloned({ ...bigger, '.gitignore': 'ignored/\n*.log\n' })
  writeFiles(path, {
    'ignored/one/a': '1',
    'ignored/two/b': '1',
    'new/one/a.log': '1',
    'new/one/a': { link: '/etc/passwd' },
    'new/two/ü\n': '1',
  })
  mkdirSync(join(path, 'new/empty'))
  expect(await namesBeside(path)).toEqual([
    'ignored/one/a',
    'ignored/two/b',
    'new/one/a',
    'new/one/a.log',
    'new/two/ü\n',
  ])
  expect(await namesBeside(path, 'ignored/two')).toEqual(['ignored/two/b'])
  expect(await namesBeside(path, 'new/one')).toEqual(['new/one/a', 'new/one/a.log'])
  expect(await namesBeside(path, 'new/one/a')).toEqual(['new/one/a'])
})

test('a submodule is what git recorded of it; a folder in it counts by its files', async () => {
  const library = bench.play.origin('library')
  library.commit({ 'src/a.c': 'one\n' })
  const { path } = bench.cloned(bigger)
  const allow = ['-c', 'protocol.file.allow=always']
  bench.play.git(path, ...allow, 'submodule', '--quiet', 'add', library.path, 'lib')
  bench.play.git(path, 'commit', '--quiet', '--message', 'lib')
  expect(await look(path)).toMatchObject({
    tree: bench.play.git(path, 'rev-parse', 'HEAD^{tree}'),
    beside: [],
  })
  expect(await namesBeside(path, 'lib/src')).toEqual(['lib/src/a.c'])
  const before = await look(path, 'lib')
  expect(before.beside.map(({ file }) => file)).toEqual(['lib/src/a.c'])
  writeFiles(path, { 'lib/src/a.c': 'two\n' })
  expect(await look(path, 'lib')).not.toEqual(before)
  expect(await namesBeside(path, 'lib/src', false)).toEqual(['lib/src/a.c'])
})

test('what git-lfs wrote in place of a pointer is no edit, though git sees one where no filter runs', async () => {
  const { path } = bench.cloned({ '.gitattributes': '*.bin filter=lfs -text\n' })
  for (const [key, value] of [
    ['filter.lfs.process', 'git-lfs filter-process'],
    ['filter.lfs.required', 'true'],
  ] as const) {
    bench.play.git(path, 'config', key, value)
  }
  writeFiles(path, { 'a.bin': 'content\n' })
  bench.play.git(path, 'add', 'a.bin')
  bench.play.git(path, 'commit', '--quiet', '--message', 'lfs')
  expect(bench.play.git(path, 'show', 'HEAD:a.bin')).toContain('git-lfs')
  utimesSync(join(path, 'a.bin'), 1, 1)
  expect(await namesBeside(path)).toEqual([])
  writeFiles(path, { 'a.bin': 'other\n' })
  expect(await namesBeside(path)).toEqual(['a.bin'])
})

test('an edit of the same size and time as the index is seen, and so is one after it was looked at', async () => {
  const { path } = bench.cloned(bigger)
  writeFiles(path, { 'web/x': 'two\n', new: 'one\n' })
  const before = await look(path)
  writeFiles(path, { 'web/x': 'six\n', new: 'two\n' })
  const after = await look(path)
  expect(after.beside.map(({ file }) => file)).toEqual(['new', 'web/x'])
  for (const [i, { digest }] of after.beside.entries()) expect(digest).not.toBe(before.beside[i]?.digest)
})

test('a file that was renamed over an old one of the same size and times is another one', async () => {
  const { path } = bench.cloned(bigger)
  writeFiles(path, { new: 'one\n', other: 'two\n' })
  for (const name of ['new', 'other']) utimesSync(join(path, name), 1_000_000, 1_000_000)
  const before = (await look(path)).beside[0]
  renameSync(join(path, 'other'), join(path, 'new'))
  const [after] = (await look(path)).beside
  expect(after?.file).toBe('new')
  expect(after?.digest).not.toBe(before?.digest)
})

test('works in a linked worktree', async () => {
  const { path } = bench.cloned(bigger)
  const tree = bench.play.path('tree')
  bench.play.git(path, 'worktree', 'add', '--quiet', tree)
  writeFiles(tree, { 'web/new': 'x\n' })
  expect(await namesBeside(tree, 'web')).toEqual(['web/new'])
  expect(await namesBeside(path, 'web')).toEqual([])
})
