import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { at, gitBench, text } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

/** All that is in a folder but for the `objects` that a fetch brings. */
function snapshot(path: string): string {
  return execFileSync('find', [path, '-type', 'f', '-printf', '%p %s %T@ %m\n'], { encoding: 'utf8' })
}

function emptyFolder(): string {
  mkdirSync(bench.play.path('out'))
  return bench.play.path('out')
}

test('writes a commit as a checkout of it has it, and leaves the checkout as it is', async () => {
  const { origin, path } = bench.cloned({ a: 'one\n', old: 'x\n' })
  const next = origin.commit({
    a: 'two\n',
    old: null,
    'web/run.sh': { program: '#!/bin/sh\n' },
    'web/ü \n': 'x\n',
    link: { link: 'web/run.sh' },
    crlf: 'x\n',
    '.gitattributes': 'crlf eol=crlf\n',
  })
  await bench.git.fetch(at(path), 'refs/heads/main')
  writeFiles(path, { a: 'edited\n', untracked: 'x\n' })
  const before = snapshot(path)
  const folder = emptyFolder()
  await bench.git.exportTo(at(path), next, folder)
  expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(
    ['.gitattributes', 'a', 'crlf', 'link', 'web', 'web/run.sh', 'web/ü \n'].toSorted(),
  )
  expect(text(folder, 'a')).toBe('two\n')
  expect(text(folder, 'crlf')).toBe('x\r\n')
  expect(readlinkSync(join(folder, 'link'))).toBe('web/run.sh')
  expect(lstatSync(join(folder, 'web/run.sh')).mode & 0o111).not.toBe(0)
  expect(snapshot(path)).toBe(before)
})

test('runs no filter and no hook; a pointer of Git LFS stays one', async () => {
  const { path } = bench.cloned({ '.gitattributes': '* filter=spy\n', a: 'one\n' })
  const spy = join(path, '.git/hooks/post-checkout')
  writeFiles(path, {
    '.git/hooks/post-checkout': `#!/bin/sh\necho ran >> ${bench.play.path('ran')}\nexec cat\n`,
  })
  chmodSync(spy, 0o755)
  bench.play.git(path, 'config', 'filter.spy.smudge', spy)
  bench.play.git(path, 'config', 'filter.spy.required', 'true')
  const folder = emptyFolder()
  await bench.git.exportTo(at(path), bench.play.git(path, 'rev-parse', 'HEAD'), folder)
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one\n')
  expect(existsSync(bench.play.path('ran'))).toBe(false)
})

test('a commit that is not there, a deadline and a cancelled run are told', async () => {
  const { path } = bench.cloned()
  const commit = bench.play.git(path, 'rev-parse', 'HEAD')
  const folder = emptyFolder()
  await expect(bench.git.exportTo(at(path), 'f'.repeat(40), folder)).rejects.toMatchObject({
    code: 'git_failed',
    message: expect.stringContaining(`Cannot write the files of ${'f'.repeat(40)} into ${folder}`),
  })
  const signal = AbortSignal.abort(new Error('cancelled'))
  await expect(bench.git.exportTo(at(path), commit, folder, { signal })).rejects.toThrow('cancelled')
  await expect(bench.git.exportTo({ path, timeout: 0 }, commit, folder)).rejects.toMatchObject({
    code: 'timeout',
  })
})

test('works from a linked worktree', async () => {
  const { path } = bench.cloned({ 'web/a': 'one\n' })
  const tree = bench.play.path('tree')
  bench.play.git(path, 'worktree', 'add', '--quiet', tree)
  const folder = emptyFolder()
  await bench.git.exportTo(at(tree), bench.play.git(tree, 'rev-parse', 'HEAD'), folder)
  expect(text(folder, 'web/a')).toBe('one\n')
})
