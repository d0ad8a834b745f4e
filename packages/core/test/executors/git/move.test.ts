import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { at, exists, gitBench, text } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('move', () => {
  test('F14: follows a force-push, and takes away what the new history has not', async () => {
    const { origin, path } = bench.cloned({ a: '1', 'old/b': '1' })
    const commit = origin.rewrite({ a: '2' })
    expect(await bench.pull(path)).toBe(commit)
    expect(readdirSync(path).toSorted()).toEqual(['.git', 'a'])
    expect(bench.status(path)).toBe('')
  })

  test('F14: follows the remote where histories diverged', async () => {
    const { origin, path } = bench.cloned()
    writeFiles(path, { local: '1' })
    bench.play.git(path, 'add', '--all')
    bench.play.git(path, 'commit', '--quiet', '--message', 'local')
    const commit = origin.commit({ a: '2' })
    await bench.pull(path)
    expect(await bench.git.head(path)).toEqual({ branch: 'main', commit })
    expect(exists(join(path, 'local'))).toBe(false)
  })

  test.for([
    ['a detached HEAD', ['checkout', '--quiet', '--detach']],
    ['another branch', ['checkout', '--quiet', '-b', 'feature']],
    ['an unborn branch', ['checkout', '--quiet', '--orphan', 'unborn']],
    ['a branch of that name that follows nothing', ['branch', '--unset-upstream']],
  ] as const)('F15: moves from %s', async ([, command]) => {
    const { origin, path } = bench.cloned()
    const commit = origin.commit({ a: '2' })
    bench.play.git(path, ...command)
    await bench.pull(path)
    expect(await bench.git.head(path)).toEqual({ branch: 'main', commit })
    expect(bench.status(path)).toBe('')
    expect(text(path, 'a')).toBe('2')
  })

  test('F15: moves a shallow clone of one commit', async () => {
    const { origin } = bench.cloned()
    bench.play.git(bench.play.directory, 'clone', '--quiet', '--depth=1', `file://${origin.path}`, 'shallow')
    const before = bench.play.git(bench.play.path('shallow'), 'rev-parse', 'HEAD')
    origin.commit({ b: '2' })
    const after = await bench.pull(bench.play.path('shallow'))
    expect(await bench.git.changedFiles(bench.play.path('shallow'), before, after)).toEqual(['b'])
    const rewritten = origin.rewrite({ c: '3' })
    expect(await bench.pull(bench.play.path('shallow'))).toBe(rewritten)
  })

  test('F15: a branch that is gone from the remote is said, and one made again is followed', async () => {
    const { origin, path } = bench.cloned()
    origin.commit({ b: '1' }, 'feature')
    await bench.pull(path, 'feature')
    origin.git('branch', '--delete', '--force', 'feature')
    await expect(bench.git.fetch(at(path), 'refs/heads/feature')).rejects.toMatchObject({
      code: 'ref_not_found',
      message: `Cannot fetch refs/heads/feature into ${path}: couldn't find remote ref refs/heads/feature`,
    })
    const commit = origin.commit({ b: '2' }, 'feature')
    expect(await bench.pull(path, 'feature')).toBe(commit)
  })

  test('carries odd names, symbolic links and modes', async () => {
    const names = [
      'with space',
      'line\nbreak',
      'ümläut',
      `quo"te's`,
      '-dash',
      '--force',
      'tab\there',
      '*',
      ':/x',
      ' ',
    ]
    const { origin, path } = bench.cloned(Object.fromEntries(names.map((name) => [name, '1'])))
    origin.commit({ ...Object.fromEntries(names.map((name) => [name, '2'])), link: { link: '*' } })
    await bench.pull(path)
    for (const name of names) expect(text(path, name)).toBe('2')
    expect(readlinkSync(join(path, 'link'))).toBe('*')
    expect(await bench.inTheWay(path)).toEqual([])
    expect(bench.status(path)).toBe('')
  })

  test('fetches no tags, and leaves no FETCH_HEAD', async () => {
    const { origin, path } = bench.cloned()
    origin.commit({ a: '2' })
    origin.git('tag', 'v1', 'main')
    await bench.pull(path)
    expect(bench.play.git(path, 'tag')).toBe('')
    expect(existsSync(join(path, '.git/FETCH_HEAD'))).toBe(false)
  })

  test('F13: new attributes count for files that the push did not change, as in a new clone', async () => {
    const { origin, path } = bench.cloned({ 'run.bat': 'a\nb\n', a: '1' })
    origin.commit({ '.gitattributes': '*.bat text eol=crlf\n' })
    await bench.pull(path)
    expect(text(path, 'run.bat')).toBe('a\r\nb\r\n')
    origin.commit({ '.gitattributes': null })
    await bench.pull(path)
    expect(text(path, 'run.bat')).toBe('a\nb\n')
    expect(bench.status(path)).toBe('')
  })

  test('a branch that another worktree has checked out is left alone, and that is said', async () => {
    const { origin, path } = bench.cloned()
    const before = bench.play.git(path, 'rev-parse', 'main')
    const worktree = bench.play.path('worktree')
    bench.play.git(path, 'worktree', 'add', '--quiet', '-b', 'feature', worktree)
    origin.commit({ a: '2' })
    await expect(bench.pull(worktree)).rejects.toMatchObject({
      message: expect.stringContaining(path) as string,
    })
    expect([bench.play.git(path, 'rev-parse', 'main'), bench.status(path)]).toEqual([before, ''])
    expect(text(worktree, 'a')).toBe('1')
  })
})
