import {
  chmodSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { untouchedSince } from '../../../src/executors/git/untouched.ts'
import { gitBench } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'
import { type Spied, spiedGit } from '../../support/spied-reader.ts'

const bench = gitBench()

let path: string
let spied: Spied
beforeEach(() => {
  const cloned = bench.cloned()
  ;({ path } = cloned)
  writeFiles(path, { 'b/c': '1', 'b/d/e': '1', link: { link: 'a' }, run: { program: '1' } })
  git('add', '--all')
  git('commit', '--quiet', '--message', 'here')
  spied = spiedGit(bench.play.environment)
})

const git = (...args: readonly string[]): string => bench.play.git(path, ...args)
const untouched = async (): Promise<readonly string[] | undefined> => {
  const found = await untouchedSince(path, git('rev-parse', 'HEAD'), spied.read)
  return found && [...found]
}
/** Makes all times of the index younger than those of the files, as they are in the long run. */
const settle = (): void => {
  const future = new Date(Date.now() + 5_000)
  utimesSync(join(path, '.git/index'), future, future)
}

describe('files that nobody touched', () => {
  test('are told without a process, by their times or, where these say too little, by content', async () => {
    expect(await untouched()).toEqual(['a', 'b/c', 'b/d/e', 'link', 'run'])
    settle()
    expect(await untouched()).toEqual(['a', 'b/c', 'b/d/e', 'link', 'run'])
    expect(spied.asked.filter((name) => name !== 'config')).toEqual([])
  })

  test('are so beside untracked and ignored ones', async () => {
    writeFiles(path, { new: '1', 'b/new': '1' })
    expect(await untouched()).toHaveLength(5)
  })

  test.for<[string, () => void]>([
    ['one was edited', () => writeFiles(path, { 'b/c': 'mine' })],
    [
      'one was edited to the same length, and its times put back',
      () => {
        const { atime, mtime } = statSync(join(path, 'a'))
        writeFileSync(join(path, 'a'), '2')
        utimesSync(join(path, 'a'), atime, mtime)
      },
    ],
    ['one is gone', () => rmSync(join(path, 'b/d/e'))],
    ['one may be run now', () => chmodSync(join(path, 'a'), 0o755)],
    ['one was replaced by the same', () => writeFiles(path, { a: '1' })],
    ['one is a link now', () => writeFiles(path, { a: { link: 'b/c' } })],
    ['a link leads elsewhere', () => writeFiles(path, { link: { link: 'run' } })],
    ['one is a folder now', () => writeFiles(path, { a: null, 'a/x': '1' })],
    ['one has another name', () => (linkSync(join(path, 'a'), join(path, 'x')), rmSync(join(path, 'x')))],
    [
      'a folder lies elsewhere, behind a link',
      () => {
        renameSync(join(path, 'b'), bench.play.path('moved'))
        symlinkSync(bench.play.path('moved'), join(path, 'b'))
      },
    ],
    ['something is staged', () => (writeFiles(path, { new: '1' }), git('add', 'new'))],
    ['something is about to be staged', () => (writeFiles(path, { new: '1' }), git('add', '-N', 'new'))],
    ['one is taken out', () => git('rm', '--quiet', '--cached', 'a')],
    ['one is hidden', () => git('update-index', '--assume-unchanged', 'a')],
    ['some is skipped', () => git('update-index', '--skip-worktree', 'a')],
    ['there is no index', () => rmSync(join(path, '.git/index'))],
    ['a tree elsewhere is meant', () => git('config', 'core.worktree', bench.play.path('home'))],
    [
      'what is checked out is another commit',
      () => {
        const empty = git('hash-object', '-t', 'tree', '-w', '/dev/null')
        git('update-ref', 'refs/heads/main', git('commit-tree', '-m', 'x', empty))
      },
    ],
    [
      'a submodule is there',
      () => git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`),
    ],
    ['all is in a pack', () => git('repack', '-a', '-d', '--quiet')],
  ])('are left to git where %s', async ([, touch]) => {
    settle()
    touch()
    expect(await untouched()).toBeUndefined()
  })

  test('are seen to be edited in the moment in which the index was written', async () => {
    const index = join(path, '.git/index')
    const before = readFileSync(index)
    writeFileSync(join(path, 'a'), '2')
    git('add', 'a')
    // As if git had noted the file in the same moment, and the edit had kept all its times.
    readFileSync(index).copy(before, 12, 12, 52)
    writeFileSync(index, before)
    settle()
    expect(await untouched()).toHaveLength(5)
    const moment = statSync(join(path, 'a')).mtimeMs / 1_000
    utimesSync(index, moment - 0.001, moment - 0.001)
    expect(await untouched()).toBeUndefined()
  })
})
