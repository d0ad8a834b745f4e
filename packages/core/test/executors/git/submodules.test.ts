import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { pullAndDecide } from '../../support/deploy-bench.ts'
import { at, gitBench, text } from '../../support/git-bench.ts'
import { type Files, type Origin, writeFiles } from '../../support/repository.ts'

const bench = gitBench()
const compose = { 'docker-compose.yml': 'services: {}\n' }

let origin: Origin
let library: Origin
/** Commits of the library. */
let one: string
let two: string
let path: string
beforeEach(() => {
  origin = bench.play.origin()
  library = bench.play.origin('library')
  one = library.commit({ code: 'one' })
  two = library.commit({ code: 'two' })
  origin.commit({ ...compose, a: '1' })
  path = bench.play.clone(origin)
  // What git asks of whoever uses a submodule on the same machine.
  bench.play.git(path, 'config', '--global', 'protocol.file.allow', 'always')
})

const work = (): string => bench.play.path('origin-work')
const head = (): string => bench.play.git(path, 'rev-parse', 'HEAD')

/** Pushes the library as the submodule `vendor/lib`, recorded at a commit. */
function push(commit: string, files: Files = {}): string {
  const { play } = bench
  if (!existsSync(join(work(), 'vendor/lib'))) {
    play.git(work(), 'submodule', '--quiet', 'add', library.path, 'vendor/lib')
  }
  play.git(join(work(), 'vendor/lib'), 'checkout', '--quiet', commit)
  return origin.commit(files)
}

/** What the hint says, on a shell's command line. */
function follow(hint: unknown): void {
  const [, commands = ''] = /deploy again: (.*)$/.exec(String(hint)) ?? []
  for (const command of commands.split(' && ')) bench.play.git(path, ...command.split(' ').slice(1))
}

describe('S37: a commit with a submodule', () => {
  test('whose content is not there is refused in words, and nothing is touched or fetched', async () => {
    const before = head()
    const commit = push(one, { a: '2' })
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toMatchObject({
      code: 'content_unsupported',
      message: `Cannot deploy ${commit} into shop: the submodule vendor/lib is recorded at ${one}, which is not checked out there`,
      hint: `Fairway fetches no submodules. Bring them there, and deploy again: git -C ${path} reset --keep ${commit} && git -C ${path} submodule update --init --recursive`,
    })
    expect([head(), text(path, 'a'), existsSync(join(path, 'vendor'))]).toEqual([before, '1', false])
    expect(existsSync(join(path, '.git/modules'))).toBe(false)
  })

  test('is deployed once the printed commands were run, and stays so', async () => {
    push(one)
    follow(((await pullAndDecide(bench.git, path)).error as { hint?: string }).hint)
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    origin.commit({ a: '3' })
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect([text(path, 'a'), text(path, 'vendor/lib/code')]).toEqual(['3', 'one'])
    expect(await bench.git.head(path)).toMatchObject({ branch: 'main' })

    const next = push(two, { a: '4' })
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toMatchObject({
      message: `Cannot deploy ${next} into shop: the submodule vendor/lib is recorded at ${two}, but ${one} is checked out there`,
    })
    expect(text(path, 'a')).toBe('3')
    follow((error as { hint?: string }).hint)
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect([text(path, 'a'), text(path, 'vendor/lib/code'), bench.status(path)]).toEqual(['4', 'two', ''])
  })

  test.for<[string, (place: string) => void, string]>([
    ['with edits', (place) => writeFiles(place, { code: 'mine' }), 'has edits of its own: code'],
    ['whose folder is empty', (place) => clear(place), 'which is not checked out there'],
    [
      'that is a plain folder',
      (place) => writeFiles(clear(place), { code: 'one' }),
      'which is not checked out there',
    ],
    [
      'behind a link',
      (place) => {
        const elsewhere = bench.play.path('elsewhere')
        bench.play.git(bench.play.directory, 'clone', '--quiet', library.path, join(elsewhere, 'lib'))
        bench.play.git(join(elsewhere, 'lib'), 'checkout', '--quiet', one)
        writeFiles(join(place, '../..'), { vendor: { link: elsewhere } })
      },
      'which is not checked out there',
    ],
  ])('%s is refused', async ([, spoil, expected]) => {
    const commit = push(one)
    bench.play.git(path, 'fetch', '--quiet')
    bench.play.git(path, 'reset', '--quiet', '--hard', commit)
    bench.play.git(path, 'submodule', '--quiet', 'update', '--init')
    expect(await bench.git.prepare(at(path), commit)).toBeUndefined()
    spoil(join(path, 'vendor/lib'))
    const found = await bench.git.prepare(at(path), commit)
    expect(found?.problem).toContain(
      `the submodule vendor/lib ${expected}`.replace(
        'lib which',
        'lib is recorded'.concat(` at ${one}, which`),
      ),
    )
  })

  test('that holds another, or asks for a filter, is looked into as well', async () => {
    const inner = bench.play.origin('inner')
    const deep = inner.commit({ x: '1' })
    bench.play.git(bench.play.path('library-work'), 'submodule', '--quiet', 'add', inner.path, 'deep')
    const nested = library.commit({})
    const commit = push(nested)
    bench.play.git(path, 'fetch', '--quiet')
    bench.play.git(path, 'reset', '--quiet', '--hard', commit)
    bench.play.git(path, 'submodule', '--quiet', 'update', '--init')
    expect((await bench.git.prepare(at(path), commit))?.problem).toBe(
      `the submodule vendor/lib/deep is recorded at ${deep}, which is not checked out there`,
    )
    bench.play.git(path, 'submodule', '--quiet', 'update', '--init', '--recursive')
    expect(await bench.git.prepare(at(path), commit)).toBeUndefined()
    writeFiles(path, { '.git/modules/vendor/lib/info/attributes': 'code filter=git-crypt\n' })
    expect((await bench.git.prepare(at(path), commit))?.problem).toBe(
      'in the submodule vendor/lib code has the filter git-crypt in the attributes; Fairway runs no filters',
    )
  })

  test('S15: runs no filter that the configuration of the submodule has', async () => {
    const commit = push(one)
    bench.play.git(path, 'fetch', '--quiet')
    bench.play.git(path, 'reset', '--quiet', '--hard', commit)
    bench.play.git(path, 'submodule', '--quiet', 'update', '--init')
    const place = join(path, 'vendor/lib')
    bench.play.git(place, 'config', 'filter.x.clean', `touch ${bench.play.path('ran')}; cat`)
    bench.play.git(place, 'config', 'core.fsmonitor', `touch ${bench.play.path('ran')}`)
    writeFiles(path, {
      '.git/modules/vendor/lib/info/attributes': 'code filter=x\n',
      'vendor/lib/code': 'mine',
    })
    expect(await bench.git.prepare(at(path), commit)).toBeDefined()
    expect(existsSync(bench.play.path('ran'))).toBe(false)
  })
})

describe('S37: a push that takes a submodule away', () => {
  beforeEach(async () => {
    const commit = push(one)
    bench.play.git(path, 'fetch', '--quiet')
    bench.play.git(path, 'reset', '--quiet', '--hard', commit)
    bench.play.git(path, 'submodule', '--quiet', 'update', '--init')
    writeFiles(path, { 'vendor/lib/mine': 'untracked' })
    bench.play.git(work(), 'rm', '--quiet', '--force', 'vendor/lib')
  })

  test('is deployed, and what lies in it stays', async () => {
    origin.commit({ a: '2' })
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect([text(path, 'a'), text(path, 'vendor/lib/mine')]).toEqual(['2', 'untracked'])
  })

  test.for<[string, Files]>([
    ['a file', { 'vendor/lib': 'a file' }],
    ['a folder', { 'vendor/lib/other': 'a file' }],
  ])('for %s is refused while anything lies there', async ([, files]) => {
    const before = head()
    origin.commit({ 'vendor/lib': null, ...files })
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toMatchObject({
      code: 'would_overwrite',
      message: expect.stringContaining('it would overwrite the untracked vendor/lib/') as string,
    })
    expect([head(), text(path, 'vendor/lib/mine')]).toEqual([before, 'untracked'])
    clear(join(path, 'vendor/lib'))
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect(text(path, ...Object.keys(files))).toBe('a file')
  })
})

/** Leaves an empty folder, as before a submodule is brought there. */
function clear(place: string): string {
  for (const name of readdirSync(place)) writeFiles(place, { [name]: null })
  mkdirSync(place, { recursive: true })
  return place
}
