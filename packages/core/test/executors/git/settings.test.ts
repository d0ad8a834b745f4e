import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { readSettings, valuesOf } from '../../../src/executors/git/settings.ts'
import { settingsFiles, stampOf } from '../../../src/executors/git/settings-files.ts'
import { gitBench } from '../../support/git-bench.ts'
import { type Spied, spiedGit } from '../../support/spied-reader.ts'

const bench = gitBench()

let path: string
let spied: Spied
beforeEach(() => {
  ;({ path } = bench.cloned())
  spied = spiedGit(bench.play.environment)
  // What changed just now is not trusted to stay as it is.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  return () => vi.useRealTimers()
})

const valueOf = async (key: string): Promise<string | undefined> =>
  valuesOf(await readSettings(path, spied.read), key).at(-1)
const asked = (): number => spied.asked.length

describe('the configuration', () => {
  test('is read once, as git lists it, while its files stay as they are', async () => {
    bench.play.git(path, 'config', 'filter.a=b.c.clean', 'two\nlines')
    const listed = bench.play.git(path, 'config', '-z', '--list').split('\0').filter(Boolean)
    const own = (await readSettings(path, spied.read)).map(([key, value]) => `${key}\n${value}`)
    // Before and after them stand those that the commands are given.
    expect(listed.filter((entry) => own.includes(entry))).toContain('filter.a=b.c.clean\ntwo\nlines')
    expect(own).toEqual(
      expect.arrayContaining(listed.filter((entry) => /^(core|remote|branch|filter)/.test(entry))),
    )
    expect(await readSettings(path, spied.read)).toEqual(await readSettings(path, spied.read))
    expect(asked()).toBe(1)
  })

  test.for<[string, () => void]>([
    ['of the checkout', () => bench.play.git(path, 'config', 'a.b', 'new')],
    ['of the user', () => bench.play.git(path, 'config', '--global', 'a.b', 'new')],
    [
      'of the user, in the other place',
      () => {
        mkdirSync(bench.play.path('home/.config/git'), { recursive: true })
        writeFileSync(bench.play.path('home/.config/git/config'), '[a]\n\tb = new\n')
      },
    ],
    ['written over in its place', () => appendFileSync(join(path, '.git/config'), '[a]\n\tb = new\n')],
    [
      'that is a link to another one now',
      () => {
        const target = bench.play.path('elsewhere')
        writeFileSync(target, '[a]\n\tb = new\n')
        symlinkSync(target, bench.play.path('home/.gitconfig'))
      },
    ],
  ])('%s is read anew when it changes', async ([, change]) => {
    expect(await valueOf('a.b')).toBeUndefined()
    change()
    expect(await valueOf('a.b')).toBe('new')
    expect(asked()).toBe(2)
  })

  test('is read anew where a file has other content of the same length and times', async () => {
    const file = join(path, '.git/config')
    bench.play.git(path, 'config', 'a.b', 'one')
    const { atime, mtime } = statSync(file)
    expect(await valueOf('a.b')).toBe('one')
    writeFileSync(file, readFileSync(file, 'utf8').replace('b = one', 'b = two'))
    utimesSync(file, atime, mtime)
    expect(await valueOf('a.b')).toBe('two')
  })

  test.for<[string, () => void]>([
    ['includes another file', () => bench.play.git(path, 'config', 'include.path', '/nowhere')],
    [
      'includes one under a condition',
      () => bench.play.git(path, 'config', 'includeIf.onbranch:x.path', '/x'),
    ],
    ['has one for each worktree', () => bench.play.git(path, 'config', 'extensions.worktreeConfig', 'true')],
    [
      'changed just now',
      () => {
        vi.useRealTimers()
        bench.play.git(path, 'config', 'a.b', 'new')
      },
    ],
  ])('is read each time where it %s', async ([, change]) => {
    change()
    await readSettings(path, spied.read)
    await readSettings(path, spied.read)
    expect(asked()).toBe(2)
  })

  test('of another worktree is read each time', async () => {
    bench.play.git(path, 'worktree', 'add', '--quiet', bench.play.path('tree'))
    path = bench.play.path('tree')
    await readSettings(path, spied.read)
    await readSettings(path, spied.read)
    expect(asked()).toBe(2)
  })

  test('is each checkout its own, also where one takes the place of another', async () => {
    bench.play.git(path, 'config', 'a.b', 'one')
    bench.play.clone(
      { path: bench.play.path('origin.git') } as Parameters<typeof bench.play.clone>[0],
      'other',
    )
    expect(await valueOf('a.b')).toBe('one')
    rmSync(path, { recursive: true })
    renameSync(bench.play.path('other'), path)
    expect(await valueOf('a.b')).toBeUndefined()
  })

  test('is asked for of git where nobody says what its environment is', async () => {
    const read = (...given: Parameters<typeof spied.read>): Promise<string> => spied.read(...given)
    await readSettings(path, read)
    await readSettings(path, read)
    expect(asked()).toBe(2)
  })
})

test('the files are where git itself looks for them', () => {
  const files = settingsFiles('/srv/shop', {
    HOME: '/home/ada',
    XDG_CONFIG_HOME: '/x',
    PATH: '/opt/git/bin:/bin',
  })
  expect(files).toEqual([
    '/srv/shop/.git/config',
    '/home/ada/.gitconfig',
    '/x/git/config',
    '/etc/gitconfig',
    '/opt/git/etc/gitconfig',
  ])
})

test('a file that cannot be looked at says nothing of whether it is the same', async () => {
  const file = bench.play.path('loop')
  symlinkSync(file, file)
  expect(await stampOf([file])).toBeUndefined()
})
