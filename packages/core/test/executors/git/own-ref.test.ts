import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { readOwnRef, updateOwnRefs } from '../../../src/executors/git/own-ref.ts'
import { walk } from '../../checkouts/snapshot.ts'
import { gitBench } from '../../support/git-bench.ts'
import { type Spied, spiedGit } from '../../support/spied-reader.ts'

const bench = gitBench()
const ref = 'refs/fairway/deployed/shop'
const gone = 'f'.repeat(40)

let path: string
let commit: string
let spied: Spied
beforeEach(() => {
  ;({ path } = bench.cloned())
  // Written here, it lies in a file of its own.
  bench.play.git(path, 'commit', '--quiet', '--allow-empty', '--message', 'here')
  commit = bench.play.git(path, 'rev-parse', 'HEAD')
  spied = spiedGit(bench.play.environment)
})

const git = (...args: readonly string[]): string => bench.play.git(path, ...args)
const read = (name = ref): Promise<string | undefined> => readOwnRef(path, name, spied.read)
const place = (name = ref): string => join(path, '.git', name)
function write(text: string, name = ref): void {
  mkdirSync(dirname(place(name)), { recursive: true })
  writeFileSync(place(name), text)
}

describe('one of the own refs is read without a process', () => {
  test('where it lies in a file, where refs are packed, and where there is none', async () => {
    expect(await read()).toBeUndefined()
    git('update-ref', ref, commit)
    expect(await read()).toBe(commit)
    git('pack-refs', '--all')
    expect(existsSync(place())).toBe(false)
    expect(await read()).toBe(commit)
    expect(await read('refs/fairway/deployed/sho')).toBeUndefined()
    expect(spied.asked).toEqual([])
  })

  test('a newer one in a file wins over the packed one', async () => {
    git('update-ref', ref, commit)
    git('pack-refs', '--all')
    const next = git('commit-tree', '-m', 'next', 'HEAD^{tree}')
    git('update-ref', ref, next)
    expect(await read()).toBe(next)
  })

  test('also where it names an object that is gone', async () => {
    write(`${gone}\n`)
    expect(await read()).toBe(gone)
  })
})

describe('git is asked', () => {
  test.for<[string, () => void, string | undefined]>([
    ['of one that names another ref', () => git('symbolic-ref', ref, 'refs/heads/main'), 'main'],
    ['of one that a power cut left empty', () => write(''), undefined],
    [
      'in another worktree',
      () => {
        git('update-ref', ref, commit)
        git('worktree', 'add', '--quiet', '--detach', bench.play.path('other'))
        path = bench.play.path('other')
      },
      'main',
    ],
  ])('%s', async ([, prepare, expected]) => {
    prepare()
    expect(await read()).toBe(expected === undefined ? undefined : commit)
    expect(spied.asked).toEqual(['rev-parse'])
  })

  test('of a name that would lead elsewhere as a path', async () => {
    expect(await read('refs/fairway/../heads/main')).toBeUndefined()
    expect(spied.asked).toEqual(['rev-parse'])
  })

  test.runIf(process.geteuid?.() === 0)('of a checkout of another user, which it refuses', async () => {
    git('update-ref', ref, commit)
    chownSync(join(path, '.git'), 12_345, 12_345)
    await expect(read()).rejects.toMatchObject({ code: 'checkout_invalid' })
  })
})

describe('own refs are moved', () => {
  const other = 'refs/fairway/state/shop'
  const update = (id = commit): Promise<boolean> =>
    updateOwnRefs(
      path,
      [
        [ref, id],
        [other, commit],
      ],
      spied.read,
    )
  const refs = (): string => git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/fairway')
  const locks = (): readonly string[] =>
    Object.keys(walk(join(path, '.git'))).filter((name) => name.endsWith('.lock'))

  test('together, as git would, and whatever had them before', async () => {
    expect(await update()).toBe(true)
    expect(refs()).toBe(`${ref} ${commit}\n${other} ${commit}`)
    git('pack-refs', '--all')
    const next = git('commit-tree', '-m', 'next', 'HEAD^{tree}')
    expect(await update(next)).toBe(true)
    expect(refs()).toBe(`${ref} ${next}\n${other} ${commit}`)
    expect(locks()).toEqual([])
    expect(new Set(spied.asked)).toEqual(new Set(['config']))
    expect(() => git('fsck', '--strict')).not.toThrow()
  })

  test.for<[string, () => void]>([
    ['of which one is locked', () => write('', `${other}.lock`)],
    ['of which one names another ref', () => git('symbolic-ref', other, 'refs/heads/main')],
    ['of which one is a folder', () => write(`${commit}\n`, `${other}/below`)],
    ['where it is written down how they moved', () => git('config', 'core.logAllRefUpdates', 'always')],
    ['of which one has a log', () => write('', `logs/${other}`)],
    ['where others write them too', () => git('config', 'core.sharedRepository', 'group')],
  ])('by git alone, and none before, %s', async ([, prepare]) => {
    prepare()
    const before = [refs(), ...locks()]
    expect(await update()).toBe(false)
    expect([refs(), ...locks()]).toEqual(before)
  })

  test('by git alone, where an object is not there', async () => {
    expect(await update(gone)).toBe(false)
    expect(refs()).toBe('')
  })

  test('and a lock that another took is left alone', async () => {
    write('mine', `${other}.lock`)
    await update()
    expect(readFileSync(place(`${other}.lock`), 'utf8')).toBe('mine')
    rmSync(place(`${other}.lock`))
    expect(await update()).toBe(true)
  })
})
