import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { at, exists, gitBench, text } from '../../support/git-bench.ts'
import { walk } from '../../checkouts/snapshot.ts'
import { type Files, type Origin, writeFiles } from '../../support/repository.ts'

const bench = gitBench()

let origin: Origin
let path: string
beforeEach(() => {
  ;({ origin, path } = bench.cloned({ a: '1', 'b/c': '1', gone: '1', '.gitignore': '*.log\n' }))
})

const head = (): string => bench.play.git(path, 'rev-parse', 'HEAD')
const refs = (): string => bench.play.git(path, 'for-each-ref', 'refs/fairway')
/** All that a move changes. */
const look = (): unknown => [
  bench.play.git(path, 'for-each-ref', 'refs/heads', 'refs/fairway'),
  bench.play.git(path, 'ls-files', '--stage'),
  walk(path),
]

/** Pushes, fetches and goes the short way, if it leads there. */
async function advance(files: Files): Promise<boolean> {
  origin.commit(files)
  const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
  return bench.git.advance(at(path), 'main', commit)
}

describe('the short way', () => {
  test('brings a plain checkout to the commit, and leaves nothing behind', async () => {
    writeFiles(path, { 'b/mine': 'untracked', 'x.log': 'ignored' })
    expect(await advance({ a: '2', 'new/d': '1', gone: null })).toBe(true)
    expect([head(), text(path, 'a'), text(path, 'new/d')]).toEqual([
      origin.git('rev-parse', 'main'),
      '2',
      '1',
    ])
    expect([exists(join(path, 'gone')), text(path, 'b/mine'), text(path, 'x.log')]).toEqual([
      false,
      'untracked',
      'ignored',
    ])
    expect([bench.status(path), refs()]).toEqual(['?? b/mine', ''])
    expect(readdirSync(join(path, '.git')).filter((name) => name.endsWith('.lock'))).toEqual([])
  })

  test('is taken with attributes that name no filter, and in a repository whose refs are packed', async () => {
    await advance({ '.gitattributes': '*.bat text eol=crlf\n' })
    await bench.pull(path)
    bench.play.git(path, 'pack-refs', '--all')
    expect(await advance({ 'x.bat': 'a\nb\n' })).toBe(true)
    expect([text(path, 'x.bat'), bench.status(path)]).toEqual(['a\r\nb\r\n', ''])
  })

  test('of what is there already writes nothing', async () => {
    const before = bench.play.git(path, 'reflog')
    expect(await bench.git.advance(at(path), 'main', head())).toBe(true)
    expect(bench.play.git(path, 'reflog')).toBe(before)
  })
})

describe('the short way is not taken, and nothing is changed,', () => {
  const hide = (flag: string) => (): void => {
    bench.play.git(path, 'update-index', flag, 'a')
    writeFiles(path, { a: 'mine' })
  }
  const config = (key: string, value: string) => (): void => void bench.play.git(path, 'config', key, value)
  const git =
    (...args: readonly string[]) =>
    (): void =>
      void bench.play.git(path, ...args)

  test.for<[string, () => void, Files?]>([
    ['with an edit in a file of the push', () => writeFiles(path, { a: 'mine' })],
    ['with an edit in another one', () => writeFiles(path, { 'b/c': 'mine' })],
    ['with a file removed', () => writeFiles(path, { 'b/c': null })],
    ['with something staged', () => (writeFiles(path, { s: '1' }), git('add', 's')())],
    ['with an edit hidden by assume-unchanged', hide('--assume-unchanged')],
    ['with an edit hidden by skip-worktree', hide('--skip-worktree')],
    ['with an untracked file in the way', () => writeFiles(path, { new: 'mine' }), { new: '1' }],
    ['with an ignored file in the way', () => writeFiles(path, { 'x.log': 'mine' }), { 'x.log': '1' }],
    [
      'with an ignored file in a folder that becomes a file',
      () => writeFiles(path, { 'b/x.log': 'mine' }),
      { 'b/c': null, b: '1' },
    ],
    ['with a file where the push has a folder', () => writeFiles(path, { new: 'mine' }), { 'new/x': '1' }],
    [
      'with a link where the push has a folder',
      () => writeFiles(path, { new: { link: '/tmp' } }),
      { 'new/x': '1' },
    ],
    ['on another branch', git('checkout', '--quiet', '-b', 'other')],
    ['without a branch', git('checkout', '--quiet', '--detach')],
    ['with commits of its own', git('commit', '--quiet', '--allow-empty', '--message', 'mine')],
    ['after a move that was cut off', git('update-ref', 'refs/fairway/moving', 'HEAD')],
    ['beside another worktree', () => git('worktree', 'add', '--quiet', bench.play.path('other'))()],
    [
      'with a filter in attributes of the checkout',
      () => writeFiles(path, { '.git/info/attributes': 'a filter=x\n' }),
    ],
    ['with a filter in attributes of the push', () => {}, { '.gitattributes': 'a filter=x\n' }],
    ['with other attributes in the push', () => {}, { '.gitattributes': '* text\n' }],
    ['with attributes of the user that lie anywhere', config('core.attributesFile', '~/x')],
    ['with a tree elsewhere', config('core.worktree', '/tmp')],
    ['in a sparse checkout', config('core.sparseCheckout', 'true')],
  ])('%s', async ([, disturb, files = { a: '2' }]) => {
    disturb()
    const before = look()
    expect(await advance(files)).toBe(false)
    expect(look()).toEqual(before)
  })

  test('with a submodule in the push', async () => {
    const work = bench.play.path('origin-work')
    bench.play.git(work, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`)
    bench.play.git(work, 'commit', '--quiet', '--message', 'lib')
    bench.play.git(work, 'push', '--quiet', origin.path, 'HEAD:main')
    const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
    const before = head()
    expect(await bench.git.advance(at(path), 'main', commit)).toBe(false)
    expect([head(), refs()]).toEqual([before, ''])
  })

  test('after a move that was cut off and whose ref somebody packed', async () => {
    bench.play.git(path, 'update-ref', 'refs/fairway/moving', 'HEAD')
    bench.play.git(path, 'pack-refs', '--all')
    expect(await advance({ a: '2' })).toBe(false)
  })
})

test('F3: a lock that another git holds is an error, as on the long way', async () => {
  origin.commit({ a: '2' })
  const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
  writeFileSync(join(path, '.git/index.lock'), '')
  await expect(bench.git.advance(at(path), 'main', commit)).rejects.toMatchObject({ code: 'git_failed' })
  // What was begun stays marked until a move comes to its end.
  expect(refs()).toContain('refs/fairway/moving')
})
