import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeployedState } from '../../src/domain/state.ts'
import { describeError } from '../../src/errors.ts'
import type { Checkout, Git } from '../../src/executors/git.ts'
import { isGroupAlive } from '../../src/executors/process-group.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { type Call, trackChildren } from '../../src/run.ts'
import { type Files, type Origin, type Playground, playground, writeFiles } from '../support/repository.ts'

let play: Playground
let git: Git
beforeEach(() => {
  play = playground()
  git = simpleGit({ environment: play.environment })
})
afterEach(() => play.remove())

const time = new Date('2026-01-31T12:00:00.000Z')
const keptRef = 'refs/fairway/overwritten/20260131T120000.000Z'
const at = (path: string): Checkout => ({ path, timeout: 30_000 })
const text = (...names: readonly string[]): string => readFileSync(join(...names), 'utf8')
const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** An origin with one commit of these files, and a checkout of it. */
function cloned(files: Files = { a: '1' }): { origin: Origin; path: string } {
  const origin = play.origin()
  origin.commit(files)
  return { origin, path: play.clone(origin) }
}

/** Fetches the branch and moves the checkout there, as a pull does when nothing is in the way. */
async function pull(path: string, branch = 'main', call?: Call): Promise<string> {
  const { commit } = await git.fetch(at(path), `refs/heads/${branch}`, call)
  await git.moveTo(at(path), branch, commit, call)
  return commit
}

/** What lies in the way of the branch's tip. */
async function inTheWay(path: string): Promise<readonly string[]> {
  const { commit } = await git.fetch(at(path), 'refs/heads/main')
  return git.inTheWay(path, commit)
}

const status = (path: string): string => play.git(path, 'status', '--porcelain')

test('version is that of git', async () => {
  expect(await git.version()).toMatch(/^\d+\.\d+/)
})

test('a missing git is said in words, by what reads and by what writes', async () => {
  const { path } = cloned()
  git = simpleGit({ environment: { PATH: play.path('home') } })
  const calls = [() => git.version(), () => git.head(path), () => git.fetch(at(path), 'refs/heads/main')]
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      code: 'git_unavailable',
      message: 'Cannot start git: it is not installed or not in PATH',
    })
  }
})

describe('head', () => {
  test('tells branch and commit', async () => {
    const { path } = cloned()
    expect(await git.head(path)).toEqual({ branch: 'main', commit: play.git(path, 'rev-parse', 'HEAD') })
  })

  test('has no branch when detached, no commit when unborn', async () => {
    const { path } = cloned()
    const commit = play.git(path, 'rev-parse', 'HEAD')
    play.git(path, 'checkout', '--quiet', '--detach')
    expect(await git.head(path)).toEqual({ commit })
    play.git(play.directory, 'init', '--quiet', 'fresh')
    expect(await git.head(play.path('fresh'))).toEqual({ branch: 'main' })
  })

  test('is undefined where there is no folder, no checkout, or only a bare repository', async () => {
    mkdirSync(play.path('plain'))
    const { path } = play.origin()
    expect(await git.head(play.path('gone'))).toBeUndefined()
    expect(await git.head(play.path('plain'))).toBeUndefined()
    expect(await git.head(path)).toBeUndefined()
  })

  test('does not climb out of a folder that lies inside another checkout', async () => {
    const { path } = cloned({ 'inner/a': '1' })
    mkdirSync(join(path, 'new'))
    expect(await git.head(join(path, 'inner'))).toBeUndefined()
    expect(await git.head(join(path, 'new'))).toBeUndefined()
  })

  test('follows a symbolic link to the checkout', async () => {
    const { path } = cloned()
    symlinkSync(path, play.path('link'))
    expect(await git.head(play.path('link'))).toMatchObject({ branch: 'main' })
  })
})

describe('create, fetch, move', () => {
  test.for([
    ['a new folder', false],
    ['an empty folder', true],
  ] as const)('clones into %s', async ([, isThere]) => {
    const origin = play.origin()
    const commit = origin.commit({ 'a b/ä': '1' })
    const path = play.path('deep', 'shop')
    if (isThere) mkdirSync(path, { recursive: true })
    await git.create({ ...at(path), url: origin.path })
    expect(await git.defaultBranch(at(path))).toBe('main')
    expect(await git.fetch(at(path), 'refs/heads/main')).toEqual({ ref: 'refs/heads/main', commit })
    await git.moveTo(at(path), 'main', commit)
    expect(text(path, 'a b/ä')).toBe('1')
    expect(await git.head(path)).toEqual({ branch: 'main', commit })
    expect(play.git(path, 'remote', 'get-url', 'origin')).toBe(origin.path)
  })

  test('does not clone over files, nor inside another checkout', async () => {
    const { origin, path } = cloned()
    writeFiles(play.path('full'), { '.env': 'KEEP=1' })
    await expect(git.create({ ...at(play.path('full')), url: origin.path })).rejects.toMatchObject({
      code: 'checkout_invalid',
      message: `Cannot clone into ${play.path('full')}: it is not empty and not a git checkout`,
    })
    // An empty folder inside another checkout becomes a checkout of its own, and the outer one stays.
    const inner = join(path, 'inner')
    await git.create({ ...at(inner), url: origin.path })
    await pull(inner)
    expect(realpathSync(play.git(inner, 'rev-parse', '--show-toplevel'))).toBe(inner)
  })

  test('fetches from the given URL rather than from origin', async () => {
    const { path } = cloned()
    const other = play.origin('other')
    const commit = other.commit({ b: '2' })
    const checkout = { ...at(path), url: other.path }
    expect(await git.fetch(checkout, 'refs/heads/main')).toEqual({ ref: 'refs/heads/main', commit })
  })

  test('needs some remote', async () => {
    play.git(play.directory, 'init', '--quiet', 'fresh')
    await expect(git.fetch(at(play.path('fresh')), 'refs/heads/main')).rejects.toMatchObject({
      code: 'checkout_invalid',
      hint: `Run git -C ${play.path('fresh')} remote add origin URL, or set \`url\` of the app`,
    })
  })

  test('follows a force-push, and takes away what the new history has not', async () => {
    const { origin, path } = cloned({ a: '1', 'old/b': '1' })
    const commit = origin.rewrite({ a: '2' })
    expect(await pull(path)).toBe(commit)
    expect(readdirSync(path).toSorted()).toEqual(['.git', 'a'])
    expect(status(path)).toBe('')
  })

  test('follows the remote where histories diverged', async () => {
    const { origin, path } = cloned()
    writeFiles(path, { local: '1' })
    play.git(path, 'add', '--all')
    play.git(path, 'commit', '--quiet', '--message', 'local')
    const commit = origin.commit({ a: '2' })
    await pull(path)
    expect(await git.head(path)).toEqual({ branch: 'main', commit })
    expect(exists(join(path, 'local'))).toBe(false)
  })

  test.for([
    ['a detached HEAD', ['checkout', '--quiet', '--detach']],
    ['another branch', ['checkout', '--quiet', '-b', 'feature']],
    ['an unborn branch', ['checkout', '--quiet', '--orphan', 'unborn']],
    ['a branch of that name that follows nothing', ['branch', '--unset-upstream']],
  ] as const)('moves from %s', async ([, command]) => {
    const { origin, path } = cloned()
    const commit = origin.commit({ a: '2' })
    play.git(path, ...command)
    await pull(path)
    expect(await git.head(path)).toEqual({ branch: 'main', commit })
    expect(status(path)).toBe('')
    expect(text(path, 'a')).toBe('2')
  })

  test('moves a shallow clone of one commit', async () => {
    const { origin } = cloned()
    play.git(play.directory, 'clone', '--quiet', '--depth=1', `file://${origin.path}`, 'shallow')
    const before = play.git(play.path('shallow'), 'rev-parse', 'HEAD')
    origin.commit({ b: '2' })
    const after = await pull(play.path('shallow'))
    expect(await git.changedFiles(play.path('shallow'), before, after)).toEqual(['b'])
    const rewritten = origin.rewrite({ c: '3' })
    expect(await pull(play.path('shallow'))).toBe(rewritten)
  })

  test('a branch that is gone from the remote is said, and one made again is followed', async () => {
    const { origin, path } = cloned()
    origin.commit({ b: '1' }, 'feature')
    await pull(path, 'feature')
    origin.git('branch', '--delete', '--force', 'feature')
    await expect(git.fetch(at(path), 'refs/heads/feature')).rejects.toMatchObject({
      code: 'ref_not_found',
      message: `Cannot fetch refs/heads/feature into ${path}: couldn't find remote ref refs/heads/feature`,
    })
    const commit = origin.commit({ b: '2' }, 'feature')
    expect(await pull(path, 'feature')).toBe(commit)
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
    const { origin, path } = cloned(Object.fromEntries(names.map((name) => [name, '1'])))
    origin.commit({ ...Object.fromEntries(names.map((name) => [name, '2'])), link: { link: '*' } })
    await pull(path)
    for (const name of names) expect(text(path, name)).toBe('2')
    expect(readlinkSync(join(path, 'link'))).toBe('*')
    expect(await inTheWay(path)).toEqual([])
    expect(status(path)).toBe('')
  })

  test('fetches no tags, and leaves no FETCH_HEAD', async () => {
    const { origin, path } = cloned()
    origin.commit({ a: '2' })
    origin.git('tag', 'v1', 'main')
    await pull(path)
    expect(play.git(path, 'tag')).toBe('')
    expect(existsSync(join(path, '.git/FETCH_HEAD'))).toBe(false)
  })
})

describe('untracked files in the way', () => {
  test('are listed, ignored and nested ones too; others are not', async () => {
    const { origin, path } = cloned({ '.gitignore': '.env\n' })
    origin.commit({ '.env': 'A=1', 'api/.env': 'B=1', 'new file': '1', same: 'same' })
    writeFiles(path, {
      '.env': 'MINE=1',
      'api/.env': 'MINE=2',
      'api/other': '3',
      'new file': '2',
      same: 'same',
    })
    expect(await inTheWay(path)).toEqual(['.env', 'api/.env', 'new file'])
  })

  test('are those that a folder of the push would replace, and the other way round', async () => {
    const { origin, path } = cloned()
    origin.commit({ 'data/x/y': '1', notes: '1' })
    writeFiles(path, { data: 'a file', 'notes/mine': '1', 'notes/deep/er': '2' })
    expect(await inTheWay(path)).toEqual(['data', 'notes/deep/er', 'notes/mine'])
  })

  test('are not tracked files and folders that the push itself turns into the other', async () => {
    const { origin, path } = cloned({ file: '1', 'folder/a': '1' })
    origin.commit({ file: null })
    origin.commit({ 'file/a': '1', folder: null })
    origin.commit({ folder: '1' })
    expect(await inTheWay(path)).toEqual([])
    await pull(path)
    expect([text(path, 'file/a'), text(path, 'folder')]).toEqual(['1', '1'])
  })

  test('are listed too where the push turns a tracked folder that holds them into a file', async () => {
    const { origin, path } = cloned({ 'folder/a': '1', '.gitignore': '.env\n' })
    origin.commit({ folder: null })
    origin.commit({ folder: '1' })
    writeFiles(path, { 'folder/.env': 'MINE=1' })
    expect(await inTheWay(path)).toEqual(['folder/.env'])
  })

  test('are symbolic links of another target, a link instead of a file, a file instead of a link', async () => {
    const { origin, path } = cloned()
    origin.commit({ same: { link: 'x' }, other: { link: 'x' }, link: 'x', file: { link: 'x' } })
    writeFiles(path, { same: { link: 'x' }, other: { link: 'y' }, link: { link: 'x' }, file: 'x' })
    expect(await inTheWay(path)).toEqual(['file', 'link', 'other'])
  })

  test('are parents that are links leading outside, where nothing is ever written', async () => {
    const { origin, path } = cloned()
    origin.commit({ 'data/x': 'pushed' })
    writeFiles(play.path('outside'), { x: 'mine' })
    writeFiles(path, { data: { link: play.path('outside') } })
    expect(await inTheWay(path)).toEqual(['data'])
    await pull(path)
    expect(text(play.path('outside'), 'x')).toBe('mine')
    expect(readdirSync(play.path('outside'))).toEqual(['x'])
  })

  test('a tracked link that leads outside is replaced, nothing behind it', async () => {
    writeFiles(play.path('outside'), { x: 'mine' })
    const { origin, path } = cloned({ data: { link: play.path('outside') } })
    origin.commit({ data: null })
    origin.commit({ 'data/x': 'pushed' })
    expect(await inTheWay(path)).toEqual([])
    await pull(path)
    expect([text(path, 'data/x'), text(play.path('outside'), 'x')]).toEqual(['pushed', 'mine'])
  })

  test.for([
    ['a folder with files instead of a tracked file', { a: null, 'a/mine': '1' }, ['a/mine']],
    ['a file instead of a tracked folder', { folder: 'mine' }, ['folder']],
    ['a link instead of a tracked folder', { folder: { link: '/srv/big' } }, ['folder']],
  ] as const)('are %s', async ([, local, expected]) => {
    const { origin, path } = cloned({ a: '1', 'folder/b': '1' })
    writeFiles(path, local)
    expect(await inTheWay(path)).toEqual(expected)
    origin.commit({ 'folder/c': '1', a: '2' })
    expect(await inTheWay(path)).toEqual(expected)
    // Where the push has no use for the place, they stay.
    const commit = origin.commit({ a: null, folder: null })
    expect(await inTheWay(path)).toEqual([])
    await git.moveTo(at(path), 'main', commit)
    expect(exists(join(path, expected[0]))).toBe(true)
  })

  test('have their odd names', async () => {
    const names = ['-dash', 'line\nbreak', 'quo"te', ':(glob)x', 'ümläut', '[a]']
    const { origin, path } = cloned()
    origin.commit(Object.fromEntries(names.map((name) => [name, '1'])))
    writeFiles(path, Object.fromEntries(names.map((name) => [name, '2'])))
    expect(await inTheWay(path)).toEqual(names.toSorted())
  })

  test('are found before the first commit', async () => {
    const origin = play.origin()
    const commit = origin.commit({ '.env': 'A=1', a: '1' })
    const path = play.path('shop')
    await git.create({ ...at(path), url: origin.path })
    await git.fetch(at(path), 'refs/heads/main')
    writeFiles(path, { '.env': 'MINE=1' })
    expect(await git.inTheWay(path, commit)).toEqual(['.env'])
  })
})

describe('tracked edits', () => {
  test('are kept, and brought back by the command that is printed', async () => {
    const { origin, path } = cloned({ a: '1', 'b c': '1' })
    writeFiles(path, { a: 'mine', 'b c': 'mine too', untracked: '1' })
    const head = play.git(path, 'rev-parse', 'HEAD')
    expect(await git.keepEdits(path, time)).toEqual({ ref: keptRef, files: ['a', 'b c'] })
    expect(play.git(path, 'rev-parse', `${keptRef}^`)).toBe(head)
    origin.commit({ a: '2' })
    await pull(path)
    expect([text(path, 'a'), text(path, 'b c')]).toEqual(['2', '1'])
    play.git(play.directory, '-C', path, 'checkout', keptRef, '--', 'b c')
    expect([text(path, 'b c'), text(path, 'untracked')]).toEqual(['mine too', '1'])
  })

  test('keeping them changes neither tree nor index', async () => {
    const { path } = cloned({ a: '1', b: '1' })
    writeFiles(path, { a: 'mine', b: 'staged' })
    play.git(path, 'add', 'b')
    const before = status(path)
    await git.keepEdits(path, time)
    expect(status(path)).toBe(before)
    expect(existsSync(join(path, '.git/fairway-index'))).toBe(false)
  })

  test('are none in a clean tree, before the first commit, or where only untracked files are', async () => {
    const { path } = cloned()
    writeFiles(path, { untracked: '1' })
    expect(await git.keepEdits(path, time)).toBeUndefined()
    play.git(play.directory, 'init', '--quiet', 'fresh')
    expect(await git.keepEdits(play.path('fresh'), time)).toBeUndefined()
    expect(play.git(path, 'for-each-ref', 'refs/fairway')).toBe('')
  })

  test('staged, deleted, renamed, relinked and new files all count', async () => {
    const { path } = cloned({ staged: '1', deleted: '1', moved: '1', file: '1', mode: '1' })
    writeFiles(path, { staged: 'mine', deleted: null, file: { link: 'staged' }, added: 'mine' })
    chmodSync(join(path, 'mode'), 0o755)
    play.git(path, 'add', 'staged', 'added')
    play.git(path, 'mv', 'moved', 'to')
    const kept = await git.keepEdits(path, time)
    expect(kept?.files.toSorted()).toEqual(['added', 'deleted', 'file', 'mode', 'moved', 'staged', 'to'])
    const names = play.git(path, 'ls-tree', '--name-only', keptRef).split('\n')
    expect(names).toEqual(['added', 'file', 'mode', 'staged', 'to'])
    expect(play.git(path, 'show', `${keptRef}:staged`)).toBe('mine')
  })

  test('what was staged and then changed again is kept too, as the second parent', async () => {
    const { path } = cloned()
    writeFiles(path, { a: 'staged' })
    play.git(path, 'add', 'a')
    writeFiles(path, { a: '1' })
    expect(await git.keepEdits(path, time)).toMatchObject({ files: ['a'] })
    expect(play.git(path, 'show', `${keptRef}^2:a`)).toBe('staged')
  })

  test('unmerged files are kept as they lie there, and the next pull gets through', async () => {
    const { origin, path } = cloned()
    play.git(path, 'checkout', '--quiet', '-b', 'feature')
    writeFiles(path, { a: 'theirs' })
    play.git(path, 'commit', '--quiet', '--all', '--message', 'theirs')
    play.git(path, 'checkout', '--quiet', 'main')
    writeFiles(path, { a: 'ours' })
    play.git(path, 'commit', '--quiet', '--all', '--message', 'ours')
    expect(() => play.git(path, 'merge', 'feature')).toThrow('merge feature')
    expect(await git.keepEdits(path, time)).toMatchObject({ files: ['a'] })
    expect(play.git(path, 'show', `${keptRef}:a`)).toContain('<<<<<<<')
    origin.commit({ a: '2' })
    expect(await inTheWay(path)).toEqual([])
    await pull(path)
    expect([text(path, 'a'), status(path)]).toEqual(['2', ''])
  })

  test.for(['--assume-unchanged', '--skip-worktree'])('also those hidden by %s', async (hide) => {
    const { origin, path } = cloned({ config: '1' })
    play.git(path, 'update-index', hide, 'config')
    writeFiles(path, { config: 'mine' })
    expect(await git.keepEdits(path, time)).toEqual({ ref: keptRef, files: ['config'] })
    expect(play.git(path, 'show', `${keptRef}:config`)).toBe('mine')
    origin.commit({ config: '2' })
    await pull(path)
    expect(text(path, 'config')).toBe('2')
  })
})

describe('what a person names', () => {
  let origin: Origin
  let path: string
  beforeEach(() => {
    ;({ origin, path } = cloned())
  })

  test('may be a branch, also one with a slash', async () => {
    const commit = origin.commit({ b: '1' }, 'feature/x')
    expect(await git.fetchNamed(at(path), 'feature/x')).toEqual({ ref: 'refs/heads/feature/x', commit })
  })

  test.for([
    ['light', []],
    ['annotated', ['--annotate', '--message', 'first']],
  ] as const)('may be a %s tag; the branch of that name wins', async ([, options]) => {
    const tagged = origin.git('rev-parse', 'main')
    play.git(play.path('origin-work'), 'tag', ...options, 'v1')
    play.git(play.path('origin-work'), 'push', '--quiet', origin.path, 'v1')
    const commit = origin.commit({ a: '2' })
    expect(await git.fetchNamed(at(path), 'v1')).toEqual({ ref: 'refs/tags/v1', commit: tagged })
    await git.moveTo(at(path), 'main', tagged)
    origin.git('branch', 'v1', 'main')
    expect(await git.fetchNamed(at(path), 'v1')).toEqual({ ref: 'refs/heads/v1', commit })
    expect(await git.fetchNamed(at(path), 'refs/tags/v1')).toEqual({ ref: 'refs/tags/v1', commit: tagged })
  })

  test('may be any full ref', async () => {
    const commit = origin.git('rev-parse', 'main')
    origin.git('update-ref', 'refs/pull/7/head', commit)
    expect(await git.fetchNamed(at(path), 'refs/pull/7/head')).toEqual({ ref: 'refs/pull/7/head', commit })
  })

  test('may be a full SHA: a tip, one further back, one that only another branch has', async () => {
    const back = origin.commit({ a: '2' }, 'other')
    const tip = origin.commit({ a: '3' }, 'other')
    for (const commit of [tip, back]) {
      expect(await git.fetchNamed(at(path), commit)).toEqual({ ref: commit, commit })
      await git.moveTo(at(path), 'main', commit)
    }
  })

  test('may be a SHA that the host does not send on its own', async () => {
    const back = origin.commit({ a: '2' }, 'other')
    origin.commit({ a: '3' }, 'other')
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'false')
    // Protocol 2 sends any commit; the older one refuses.
    play.git(path, 'config', 'protocol.version', '0')
    expect(await git.fetchNamed(at(path), back)).toEqual({ ref: back, commit: back })
  })

  test.for(['nope', 'a1b2c3d', 'f'.repeat(40), 'refs/heads/nope'])(
    'is said where the remote has none: %s',
    async (name) => {
      await expect(git.fetchNamed(at(path), name)).rejects.toMatchObject({
        code: 'ref_not_found',
        message: expect.stringContaining(name) as string,
      })
    },
  )

  test('is refused when it looks like an option or is no name, before any process is started', async () => {
    const bin = play.path('bin')
    writeFiles(bin, { git: `#!/bin/sh\necho "$@" >> ${play.path('calls')}\nexit 1\n` })
    chmodSync(join(bin, 'git'), 0o755)
    git = simpleGit({ environment: { PATH: bin } })
    const touch = `--upload-pack=touch ${play.path('hacked')}`
    for (const name of [
      touch,
      '-u',
      '--',
      '',
      'a..b',
      'a b',
      'HEAD~1',
      '@{-1}',
      'a:b',
      'x\ny',
      '*',
      '^main',
    ]) {
      await expect(git.fetchNamed(at(path), name)).rejects.toMatchObject({ code: 'ref_not_found' })
      await expect(git.fetch(at(path), name)).rejects.toMatchObject({ code: 'ref_not_found' })
    }
    await expect(git.fetch(at(path), `refs/heads/${touch}`)).rejects.toMatchObject({ code: 'ref_not_found' })
    expect([existsSync(play.path('calls')), existsSync(play.path('hacked'))]).toEqual([false, false])
  })
})

describe('the remote', () => {
  test.for(['https://ada:hunter2@example.org/x.git', 'https://ghp_hunter2@example.org/x.git'])(
    'with a password is refused, and nothing of it told: %s',
    async (url) => {
      const { path } = cloned()
      const bare = play.path('new')
      play.git(path, 'remote', 'set-url', 'origin', url)
      for (const call of [
        () => git.fetch({ ...at(path), url }, 'refs/heads/main'),
        () => git.fetch(at(path), 'refs/heads/main'),
        () => git.fetchNamed(at(path), 'main'),
        () => git.defaultBranch(at(path)),
        () => git.create({ ...at(bare), url }),
      ]) {
        const error: unknown = await call().catch((reason: unknown) => reason)
        expect(error).toMatchObject({ code: 'unsafe_url' })
        expect(describeError(error)).not.toContain('hunter2')
      }
      expect(existsSync(bare)).toBe(false)
    },
  )

  test.for(['ext::sh -c "touch hacked"', '-uhacked', '--upload-pack=hacked', 'ssh://-oProxyCommand=x/y'])(
    'is refused when it names a program or an option: %s',
    async (url) => {
      const { path } = cloned()
      await expect(git.fetch({ ...at(path), url }, 'refs/heads/main')).rejects.toMatchObject({
        code: 'unsafe_url',
      })
    },
  )

  test('that is not there is an error in words', async () => {
    const { path } = cloned()
    const url = play.path('gone.git')
    await expect(git.fetch({ ...at(path), url }, 'refs/heads/main')).rejects.toMatchObject({
      code: 'git_failed',
      message: `Cannot fetch refs/heads/main into ${path}: '${url}' does not appear to be a git repository`,
    })
  })

  test.for(['timeout', 'cancelled'] as const)(
    'that never answers ends by %s, and nothing survives',
    async (how) => {
      const { path } = cloned()
      let connected = (): void => {}
      const listener = createServer(() => connected()).listen(0, '127.0.0.1')
      await new Promise((resolve) => listener.once('listening', resolve))
      try {
        const controller = new AbortController()
        if (how === 'cancelled') connected = () => controller.abort('enough')
        const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/x.git`
        const children = trackChildren()
        const groups = new Set<number>()
        children.watch((running) => running.forEach((group) => groups.add(group)))
        const checkout = { path, url, timeout: how === 'timeout' ? 1_000 : 30_000 }
        const began = performance.now()
        const call = { children, signal: controller.signal }
        await expect(git.fetch(checkout, 'refs/heads/main', call)).rejects.toMatchObject({ code: how })
        expect(performance.now() - began).toBeLessThan(5_000)
        expect([...groups].map((pid) => isGroupAlive({ pid }))).toEqual([false])
        expect(processesNaming(url)).toEqual([])
      } finally {
        listener.close()
      }
    },
  )

  test('without a default branch is said', async () => {
    const { origin, path } = cloned()
    origin.git('symbolic-ref', 'HEAD', 'refs/heads/gone')
    await expect(git.defaultBranch(at(path))).rejects.toMatchObject({
      code: 'ref_not_found',
      message: `Cannot tell which branch ${path} follows: its remote names no default`,
    })
  })
})

/** Pids of all processes whose command line has this text. */
function processesNaming(part: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(part)
    } catch {
      return false
    }
  })
}

test('hooks and fsmonitor of the checkout never run', async () => {
  const { origin, path } = cloned()
  const spy = `#!/bin/sh\necho "$0 $@" >> ${play.path('ran')}\n`
  const hooks = [
    'post-checkout',
    'post-merge',
    'reference-transaction',
    'post-index-change',
    'post-commit',
    'pre-auto-gc',
  ]
  for (const name of [...hooks, 'monitor']) {
    writeFiles(path, { [`.git/hooks/${name}`]: spy })
    chmodSync(join(path, '.git/hooks', name), 0o755)
  }
  play.git(path, 'config', 'core.fsmonitor', join(path, '.git/hooks/monitor'))
  origin.commit({ a: '2' })
  // Of the same content but newer: whoever refreshes the index writes it.
  writeFiles(path, { a: '1' })
  const { commit = '' } = (await git.head(path)) ?? {}
  await inTheWay(path)
  await git.keepEdits(path, time)
  writeFiles(path, { a: 'mine' })
  await git.keepEdits(path, time)
  const after = await pull(path)
  await git.changedFiles(path, commit, after)
  await git.isTracked(path, 'a')
  await git.recordDeployed(path, 'shop', { commit: after, services: {}, unsettled: [] })
  await git.readState(path, 'shop')
  await git.fetchNamed(at(path), 'main')
  await git.defaultBranch(at(path))
  expect(existsSync(play.path('ran'))).toBe(false)
})

describe('records', () => {
  const state = { services: { web: { build: 'b1', image: 'sha256:1' }, db: {} }, unsettled: ['web'] } as const

  test('come back as they were written', async () => {
    const { path } = cloned()
    const commit = play.git(path, 'rev-parse', 'HEAD')
    expect([await git.deployed(path, 'shop'), await git.readState(path, 'shop')]).toEqual([
      undefined,
      undefined,
    ])
    await git.writeState(path, 'shop', state)
    expect([await git.deployed(path, 'shop'), await git.readState(path, 'shop')]).toEqual([undefined, state])
    await git.recordDeployed(path, 'shop', { ...state, commit })
    expect([await git.deployed(path, 'shop'), await git.readState(path, 'shop')]).toEqual([
      commit,
      { ...state, commit },
    ])
    expect(await git.readState(path, 'blog')).toBeUndefined()
  })

  test('move together or not at all', async () => {
    const { path } = cloned()
    await git.writeState(path, 'shop', state)
    const recording = git.recordDeployed(path, 'shop', {
      services: {},
      unsettled: [],
      commit: 'f'.repeat(40),
    })
    await expect(recording).rejects.toMatchObject({ code: 'git_failed' })
    expect(await git.readState(path, 'shop')).toEqual(state)
  })

  test.for([
    'not json',
    '[]',
    'null',
    '{}',
    '{"services":[],"unsettled":[]}',
    '{"services":{},"unsettled":[1]}',
  ])('that are corrupt count as none: %s', async (content) => {
    const { path } = cloned()
    writeFileSync(play.path('state'), content)
    const id = play.git(path, 'hash-object', '-w', play.path('state'))
    play.git(path, 'update-ref', 'refs/fairway/state/shop', id)
    expect(await git.readState(path, 'shop')).toBeUndefined()
  })

  test('that are no text, or whose object is gone, count as none', async () => {
    const { path } = cloned()
    play.git(path, 'update-ref', 'refs/fairway/state/shop', 'HEAD')
    expect(await git.readState(path, 'shop')).toBeUndefined()
    writeFiles(path, { '.git/refs/fairway/state/shop': `${'f'.repeat(40)}\n` })
    expect(await git.readState(path, 'shop')).toBeUndefined()
    // As after a power cut.
    writeFiles(path, { '.git/refs/fairway/state/shop': '', '.git/refs/fairway/deployed/shop': '' })
    expect(await git.readState(path, 'shop')).toBeUndefined()
    expect(await git.deployed(path, 'shop')).toBeUndefined()
    await expect(git.writeState(path, 'shop', state)).rejects.toMatchObject({
      code: 'git_failed',
      hint: "The file of this ref is damaged, as after a power cut: remove refs/fairway/state/shop from the checkout's .git",
    })
  })

  test('drop what is of a wrong type inside a service', async () => {
    const { path } = cloned()
    const odd = { services: { web: { build: 7, image: 'i' }, db: null }, unsettled: [] }
    await git.writeState(path, 'shop', odd as unknown as DeployedState)
    expect(await git.readState(path, 'shop')).toEqual({ services: { web: { image: 'i' } }, unsettled: [] })
  })
})

describe('changed files', () => {
  test('name both sides of a rename, and odd names as they are', async () => {
    const { origin, path } = cloned({
      'old name': 'the same text\n',
      'line\nbreak': '1',
      'ü"': '1',
      mode: '1',
    })
    const from = play.git(path, 'rev-parse', 'HEAD')
    origin.commit({
      'old name': null,
      'new name': 'the same text\n',
      'line\nbreak': '2',
      'ü"': null,
      '-x': '1',
    })
    const to = await pull(path)
    expect((await git.changedFiles(path, from, to))?.toSorted()).toEqual(
      ['-x', 'line\nbreak', 'new name', 'old name', 'ü"'].toSorted(),
    )
    expect(await git.changedFiles(path, to, to)).toEqual([])
  })

  test.for(['f'.repeat(40), 'nope', ''])('are unknown where the base is: %j', async (base) => {
    const { path } = cloned()
    expect(await git.changedFiles(path, base, 'HEAD')).toBeUndefined()
  })
})

test('tracked is the very file, not what its name matches as a pattern', async () => {
  const { path } = cloned({ ab: '1', '[ab]': '1', '-x': '1', 'folder/a': '1' })
  writeFiles(path, { 'a*': '1', new: '1' })
  const files = ['ab', '[ab]', '-x', 'a*', '*', ':/ab', 'new', 'gone', 'folder', 'folder/a']
  const tracked: string[] = []
  for (const file of files) if (await git.isTracked(path, file)) tracked.push(file)
  expect(tracked).toEqual(['ab', '[ab]', '-x', 'folder/a'])
})

describe('after a kill -9', () => {
  const many = (content: string, from: number, to: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: to - from }, (_, i) => [`d${(i + from) % 10}/f${i + from}`, content.repeat(200)]),
    )

  /** Kills the move as soon as it has written a file; on a busy machine git may be done first, then again from the start. */
  async function killMove(path: string, commit: string, file: string, content: string): Promise<void> {
    const before = play.git(path, 'rev-parse', 'HEAD')
    for (let attempt = 0; attempt < 10; attempt++) {
      if (await isKilled(path, commit, file, content)) {
        expect(exists(join(path, '.git/index.lock'))).toBe(true)
        return
      }
      await git.moveTo(at(path), 'main', before)
    }
    throw new Error('git was always done before it could be killed')
  }

  async function isKilled(path: string, commit: string, file: string, content: string): Promise<boolean> {
    const children = trackChildren()
    let groups: readonly number[] = []
    children.watch((running) => (groups = running))
    let isOver = false
    const outcome = git.moveTo(at(path), 'main', commit, { children }).then(
      () => false,
      () => true,
    )
    void outcome.then(() => (isOver = true))
    while (!isOver && !beginsWith(join(path, file), content)) await nextTurn()
    for (const group of groups) killGroup(group)
    return outcome
  }

  /** It may have ended between the look and the signal. */
  function killGroup(group: number): void {
    try {
      process.kill(-group, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  /** git takes a file away before it writes it anew. */
  function beginsWith(file: string, content: string): boolean {
    try {
      return readFileSync(file, 'utf8').startsWith(content)
    } catch {
      return false
    }
  }

  test.for([
    ['d0/f0', 'new'],
    ['d3/f733', 'new'],
    ['d5/f1005', 'new'],
    ['d8/f1208', 'new'],
  ] as const)(
    'in the middle of a move of 1,500 files, at %s, the next pull gets through',
    async ([file, content]) => {
      const { origin, path } = cloned({ ...many('old', 0, 1_000), same: '1' })
      const half = origin.commit({ ...many('new', 0, 1_500), same: '1' })
      await git.fetch(at(path), 'refs/heads/main')
      await killMove(path, half, file, content)
      writeFiles(path, { mine: '1', 'd1/.env': '1' })

      origin.commit({ d3: null, d8: null, added: '1' })
      const { commit } = await git.fetch(at(path), 'refs/heads/main')
      expect(await git.keepEdits(path, time)).toBeUndefined()
      expect(await git.inTheWay(path, commit)).toEqual([])
      await git.moveTo(at(path), 'main', commit)
      expect(status(path)).toBe('?? d1/.env\n?? mine')
      expect(text(path, 'd0/f1490')).toBe('new'.repeat(200))
      expect(play.git(path, 'for-each-ref', 'refs/fairway')).toBe('')
    },
  )

  test('what people changed since then is still theirs', async () => {
    const { origin, path } = cloned({ edited: 'old', same: '1' })
    const half = origin.commit({ edited: 'new', 'new/cut': 'ünicode', 'new/whole': '1', 'new/theirs': '1' })
    await git.fetch(at(path), 'refs/heads/main')
    play.git(path, 'update-ref', 'refs/fairway/moving', half)
    writeFiles(path, { edited: 'mine', 'new/cut': '', 'new/whole': '1', 'new/theirs': 'mine' })
    writeFileSync(join(path, 'new/cut'), Buffer.from('ünicode').subarray(0, 1))
    expect(await git.inTheWay(path, half)).toEqual(['new/theirs'])
    expect(await git.keepEdits(path, time)).toEqual({ ref: keptRef, files: ['edited'] })
    const next = origin.commit({ new: null })
    expect(await inTheWay(path)).toEqual([])
    await git.moveTo(at(path), 'main', next)
    expect(status(path)).toBe('?? new/')
    expect(readdirSync(join(path, 'new'))).toEqual(['theirs'])
    expect(text(path, 'new/theirs')).toBe('mine')
  })

  const locks = [
    'index',
    'HEAD',
    'refs/heads/main',
    'refs/remotes/origin/main',
    'packed-refs',
    'fairway-index',
  ]

  test.for(locks)('a stale %s.lock is removed', async (name) => {
    const { origin, path } = cloned()
    const commit = origin.commit({ a: '2' })
    const lock = join(path, '.git', `${name}.lock`)
    writeFileSync(lock, '')
    writeFiles(path, { a: 'mine' })
    await git.fetch(at(path), 'refs/heads/main')
    await git.keepEdits(path, time)
    await pull(path)
    expect(await git.head(path)).toEqual({ branch: 'main', commit })
    expect(existsSync(lock)).toBe(false)
  })

  test('a lock that some process has open stays, and the error says what to do', async () => {
    const { origin, path } = cloned()
    origin.commit({ a: '2' })
    const lock = join(path, '.git/index.lock')
    const held = openSync(lock, 'w')
    utimesSync(lock, 1, 1)
    try {
      await expect(pull(path)).rejects.toMatchObject({
        code: 'git_failed',
        message: expect.stringContaining(`Unable to create '${lock}': File exists`) as string,
        hint: `Another git works there, or one that did was killed: once none runs, remove ${lock}`,
      })
    } finally {
      closeSync(held)
    }
    expect(text(path, 'a')).toBe('1')
    await pull(path)
    expect(text(path, 'a')).toBe('2')
  })

  test('a lock stays as long as a git works there, as while its editor is open', async () => {
    const { path } = cloned()
    const lock = join(path, '.git/index.lock')
    writeFiles(path, { a: '3' })
    const editor = `sh -c 'echo > ${play.path('open')}; sleep 60'`
    const person = spawn('git', ['-c', `core.editor=${editor}`, 'commit', '--all'], {
      cwd: path,
      env: {
        ...play.environment,
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@b.c',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@b.c',
      },
      detached: true,
      stdio: 'ignore',
    })
    while (!existsSync(play.path('open'))) await nextTurn()
    utimesSync(lock, 1, 1)
    await expect(pull(path)).rejects.toMatchObject({ code: 'git_failed' })
    expect(existsSync(lock)).toBe(true)
    process.kill(-(person.pid ?? 0), 'SIGKILL')
    await once(person, 'exit')
    await pull(path)
    expect(text(path, 'a')).toBe('1')
  })
})
