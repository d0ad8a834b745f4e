import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitBench, keptRef, text, time } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('tracked edits', () => {
  test('F13: are kept, and brought back by the command that is printed', async () => {
    const { origin, path } = bench.cloned({ a: '1', 'b c': '1' })
    writeFiles(path, { a: 'mine', 'b c': 'mine too', untracked: '1' })
    const head = bench.play.git(path, 'rev-parse', 'HEAD')
    expect(await bench.git.keepEdits(path, time)).toEqual({ ref: keptRef, files: ['a', 'b c'] })
    expect(bench.play.git(path, 'rev-parse', `${keptRef}^`)).toBe(head)
    origin.commit({ a: '2' })
    await bench.pull(path)
    expect([text(path, 'a'), text(path, 'b c')]).toEqual(['2', '1'])
    bench.play.git(bench.play.directory, '-C', path, 'checkout', keptRef, '--', 'b c')
    expect([text(path, 'b c'), text(path, 'untracked')]).toEqual(['mine too', '1'])
  })

  test('keeping them changes neither tree nor index', async () => {
    const { path } = bench.cloned({ a: '1', b: '1' })
    writeFiles(path, { a: 'mine', b: 'staged' })
    bench.play.git(path, 'add', 'b')
    const before = bench.status(path)
    await bench.git.keepEdits(path, time)
    expect(bench.status(path)).toBe(before)
    expect(existsSync(join(path, '.git/fairway-index'))).toBe(false)
  })

  test('are none in a clean tree, before the first commit, or where only untracked files are', async () => {
    const { path } = bench.cloned()
    writeFiles(path, { untracked: '1' })
    expect(await bench.git.keepEdits(path, time)).toBeUndefined()
    bench.play.git(bench.play.directory, 'init', '--quiet', 'fresh')
    expect(await bench.git.keepEdits(bench.play.path('fresh'), time)).toBeUndefined()
    expect(bench.play.git(path, 'for-each-ref', 'refs/fairway')).toBe('')
  })

  test('staged, deleted, renamed, relinked and new files all count', async () => {
    const { path } = bench.cloned({ staged: '1', deleted: '1', moved: '1', file: '1', mode: '1' })
    writeFiles(path, { staged: 'mine', deleted: null, file: { link: 'staged' }, added: 'mine' })
    chmodSync(join(path, 'mode'), 0o755)
    bench.play.git(path, 'add', 'staged', 'added')
    bench.play.git(path, 'mv', 'moved', 'to')
    const kept = await bench.git.keepEdits(path, time)
    expect(kept?.files.toSorted()).toEqual(['added', 'deleted', 'file', 'mode', 'moved', 'staged', 'to'])
    const names = bench.play.git(path, 'ls-tree', '--name-only', keptRef).split('\n')
    expect(names).toEqual(['added', 'file', 'mode', 'staged', 'to'])
    expect(bench.play.git(path, 'show', `${keptRef}:staged`)).toBe('mine')
  })

  test('what was staged and then changed again is kept too, as the second parent', async () => {
    const { path } = bench.cloned()
    writeFiles(path, { a: 'staged' })
    bench.play.git(path, 'add', 'a')
    writeFiles(path, { a: '1' })
    expect(await bench.git.keepEdits(path, time)).toMatchObject({ files: ['a'] })
    expect(bench.play.git(path, 'show', `${keptRef}^2:a`)).toBe('staged')
  })

  test('unmerged files are kept as they lie there, and the next pull gets through', async () => {
    const { origin, path } = bench.cloned()
    bench.play.git(path, 'checkout', '--quiet', '-b', 'feature')
    writeFiles(path, { a: 'theirs' })
    bench.play.git(path, 'commit', '--quiet', '--all', '--message', 'theirs')
    bench.play.git(path, 'checkout', '--quiet', 'main')
    writeFiles(path, { a: 'ours' })
    bench.play.git(path, 'commit', '--quiet', '--all', '--message', 'ours')
    expect(() => bench.play.git(path, 'merge', 'feature')).toThrow('merge feature')
    expect(await bench.git.keepEdits(path, time)).toMatchObject({ files: ['a'] })
    expect(bench.play.git(path, 'show', `${keptRef}:a`)).toContain('<<<<<<<')
    origin.commit({ a: '2' })
    expect(await bench.inTheWay(path)).toEqual([])
    await bench.pull(path)
    expect([text(path, 'a'), bench.status(path)]).toEqual(['2', ''])
  })

  test.for(['--assume-unchanged', '--skip-worktree'])('also those hidden by %s', async (hide) => {
    const { origin, path } = bench.cloned({ config: '1' })
    bench.play.git(path, 'update-index', hide, 'config')
    writeFiles(path, { config: 'mine' })
    expect(await bench.git.keepEdits(path, time)).toEqual({ ref: keptRef, files: ['config'] })
    expect(bench.play.git(path, 'show', `${keptRef}:config`)).toBe('mine')
    origin.commit({ config: '2' })
    await bench.pull(path)
    expect(text(path, 'config')).toBe('2')
  })
})
