import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/executors/environment.ts'
import type { Git } from '../../../src/executors/git.ts'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import { pullAndDecide } from '../../support/deploy-bench.ts'
import { at, gitBench, keptRef, text, time } from '../../support/git-bench.ts'
import { type Files, type Origin, writeFiles } from '../../support/repository.ts'

const bench = gitBench()
const compose = { 'docker-compose.yml': 'services: {}\n' }
const attributes = { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' }
const settings = [
  ['filter.lfs.process', 'git-lfs filter-process'],
  ['filter.lfs.clean', 'git-lfs clean -- %f'],
  ['filter.lfs.smudge', 'git-lfs smudge -- %f'],
] as const

let origin: Origin
beforeEach(() => {
  origin = bench.play.origin()
})

/** Pushes with git-lfs, as a developer does: git gets pointers, the server's store the contents. */
function push(files: Files): string {
  const { play } = bench
  const work = play.path('origin-work')
  // The hook that git-lfs puts in knows no path for a remote.
  play.git(work, 'config', 'core.hooksPath', '/dev/null')
  for (const [key, value] of settings) play.git(work, 'config', key, value)
  const commit = origin.commit({ ...compose, ...attributes, ...files })
  play.git(work, 'lfs', 'push', '--all', `file://${origin.path}`, 'main')
  return commit
}

/** Clones as on a machine without git-lfs: pointers lie in the tree, and git takes them for current. */
const clone = (): string => bench.play.clone(origin)

function pointer(content: string): string {
  const oid = createHash('sha256').update(content).digest('hex')
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`
}

/** A PATH with git and nothing of Git LFS. */
function withoutLfs(): Git {
  const { play } = bench
  mkdirSync(play.path('bin'))
  for (const program of ['git', 'git-upload-pack', 'sh', 'cat']) {
    const found = pathOf(program, play.environment)
    if (found !== undefined) symlinkSync(found, play.path('bin', program))
  }
  return simpleGit({ environment: { ...play.environment, PATH: play.path('bin') } })
}

function pathOf(program: string, { PATH = '' }: Environment): string | undefined {
  return PATH.split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file))
}

const store = (path: string): string => join(path, '.git/lfs/objects')

describe('F32: without git-lfs', () => {
  test('a commit with pointers is refused in words, and nothing is touched', async () => {
    const before = push({ a: '1' })
    const path = clone()
    const files = ['logo.bin', 'a.bin', 'b.bin', 'c.bin'].map((name) => [`assets/${name}`, name] as const)
    const commit = push(Object.fromEntries(files))
    const git = withoutLfs()
    const { error } = await pullAndDecide(git, path)
    expect(error).toMatchObject({
      code: 'content_unsupported',
      message: `Cannot deploy ${commit} into shop: it uses Git LFS (assets/a.bin and 3 more), and git-lfs is not installed`,
      hint: 'Run sudo apt-get install git-lfs, or start Fairway with a PATH that has it; nothing was changed',
    })
    const moving = git.moveTo(at(path), 'main', commit)
    await expect(moving).rejects.toMatchObject({ code: 'content_unsupported' })
    expect(bench.play.git(path, 'rev-parse', 'HEAD')).toBe(before)
    expect([readdirSync(path), bench.status(path)]).toEqual([
      ['.git', '.gitattributes', 'a', 'docker-compose.yml'],
      '',
    ])
  })

  test('what only says that it would be there, but is stored in git, is deployed', async () => {
    push({ a: '1' })
    const path = clone()
    bench.play.git(bench.play.path('origin-work'), 'config', '--remove-section', 'filter.lfs')
    origin.commit({ 'a.bin': 'no pointer' })
    expect((await pullAndDecide(withoutLfs(), path)).error).toBeUndefined()
    expect(text(path, 'a.bin')).toBe('no pointer')
  })
})

describe('F32: with git-lfs', () => {
  test('contents are deployed, by our own arguments alone, and no hook is put in', async () => {
    push({ 'a.bin': 'one' })
    const path = clone()
    for (const kind of ['process', 'clean', 'smudge']) {
      bench.play.git(path, 'config', `filter.lfs.${kind}`, `touch ${bench.play.path('ran')}; cat`)
    }
    bench.play.git(path, 'config', 'alias.lfs', `!touch ${bench.play.path('ran')}`)
    bench.play.git(path, 'config', 'lfs.fetchexclude', '*')
    push({ 'b c/ü.bin': 'two', '.lfsconfig': '[lfs]\n\tfetchexclude = *\n\tskipdownloaderrors = true\n' })
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect([text(path, 'a.bin'), text(path, 'b c/ü.bin')]).toEqual(['one', 'two'])
    expect(existsSync(bench.play.path('ran'))).toBe(false)
    const hooks = readdirSync(join(path, '.git/hooks')).filter((name) => !name.endsWith('.sample'))
    expect([hooks, existsSync(join(path, '.git/fairway-lfs'))]).toEqual([[], false])
  })

  test('pointers that an older clone has are replaced, though nothing new was pushed', async () => {
    push({ 'a.bin': 'one' })
    const path = clone()
    expect(text(path, 'a.bin')).toBe(pointer('one'))
    const { error, outcome } = await pullAndDecide(bench.git, path)
    expect(error).toBeUndefined()
    expect([text(path, 'a.bin'), outcome.status]).toEqual(['one', 'success'])
    expect(bench.play.git(path, 'for-each-ref', 'refs/fairway')).toBe('')
  })

  test('so they are where attributes alone make pointers of them', async () => {
    const path = bench.play.path('shop')
    push({ 'a.bin': 'one' })
    bench.play.git(bench.play.path('origin-work'), 'config', '--remove-section', 'filter.lfs')
    origin.commit({ '.gitattributes': null, 'a.bin': pointer('one') })
    clone()
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect(text(path, 'a.bin')).toBe(pointer('one'))
    origin.commit(attributes)
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect(text(path, 'a.bin')).toBe('one')
  })

  test('what it wrote counts as no edit, what people wrote does', async () => {
    push({ 'a.bin': 'one', 'b.bin': 'two', 'c.bin': 'three' })
    const path = clone()
    await pullAndDecide(bench.git, path)
    for (const name of ['a.bin', 'b.bin']) utimesSync(join(path, name), 1, 1)
    expect(await bench.git.keepEdits(path, time)).toBeUndefined()
    writeFiles(path, { 'b.bin': 'TWO' })
    expect(await bench.git.keepEdits(path, time)).toEqual({ ref: keptRef, files: ['b.bin'] })
    expect(bench.play.git(path, 'show', `${keptRef}:b.bin`)).toBe('TWO')
    expect(`${bench.play.git(path, 'show', `${keptRef}:a.bin`)}\n`).toBe(pointer('one'))
    push({ d: '1' })
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect([text(path, 'b.bin'), text(path, 'd')]).toEqual(['two', '1'])
  })

  test.for<[string, string]>([
    ['the whole', 'one two three'],
    ['the beginning', 'one tw'],
    ['nothing yet', ''],
  ])('what an interrupted move wrote counts as no edit: %s', async ([, written]) => {
    push({ 'a.bin': 'old' })
    const path = clone()
    await pullAndDecide(bench.git, path)
    const half = push({ 'a.bin': 'one two three', 'new.bin': 'four five' })
    const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
    await bench.git.prepare(at(path), commit)
    bench.play.git(path, 'update-ref', 'refs/fairway/moving', half)
    writeFiles(path, { 'a.bin': written, 'new.bin': 'four' })
    expect(await bench.git.keepEdits(path, time)).toBeUndefined()
    expect(await bench.git.inTheWay(path, commit)).toEqual([])
    writeFiles(path, { 'a.bin': 'one XX' })
    expect(await bench.git.keepEdits(path, time)).toMatchObject({ files: ['a.bin'] })
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect([text(path, 'a.bin'), text(path, 'new.bin')]).toEqual(['one two three', 'four five'])
  })

  test('the configured URL is where contents come from, not origin', async () => {
    push({ 'a.bin': 'one' })
    const path = clone()
    bench.play.git(path, 'remote', 'set-url', 'origin', bench.play.path('gone.git'))
    for (const url of [origin.path, `file://${origin.path}`]) {
      rmSync(store(path), { recursive: true, force: true })
      expect((await pullAndDecide(bench.git, path, { url })).error).toBeUndefined()
      expect(text(path, 'a.bin')).toBe('one')
    }
  })

  test('contents that the server has not are said before anything is touched', async () => {
    const before = push({ 'a.bin': 'one' })
    const path = clone()
    await pullAndDecide(bench.git, path)
    const commit = push({ 'a.bin': 'two' })
    rmSync(join(origin.path, 'lfs'), { recursive: true })
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toMatchObject({
      code: 'remote_not_found',
      message: `Cannot fetch the Git LFS files of ${commit} into ${path}: its server does not have all of them`,
    })
    expect([bench.play.git(path, 'rev-parse', 'HEAD'), text(path, 'a.bin')]).toEqual([before, 'one'])
    // Nor by a move on its own.
    const moving = bench.git.moveTo(at(path), 'main', commit)
    await expect(moving).rejects.toMatchObject({ code: 'remote_not_found' })
    expect([bench.play.git(path, 'rev-parse', 'HEAD'), text(path, 'a.bin')]).toEqual([before, 'one'])
  })
})

describe('S12: what an .lfsconfig of a push may name', () => {
  const refused = (key: string): string =>
    `${key} in its .lfsconfig is not an address over https or ssh without a password`
  test.for<[string, string]>([
    ['lfs.url', '[lfs]\n\turl = http://lfs.example/shop'],
    ['lfs.url', '[lfs]\n\turl = file:///etc'],
    ['lfs.url', '[lfs]\n\turl = https://ada:hunter2@lfs.example/shop'],
    ['lfs.pushurl', '[lfs]\n\tpushurl = ssh://-oProxyCommand=x/y'],
    ['remote.origin.lfsurl', '[remote "origin"]\n\tlfsurl = ext::sh -c x'],
    ['lfs.url', '[lfs]\n\turl'],
  ])('is not this %s: %s', async ([key, config]) => {
    push({ 'a.bin': 'one' })
    const path = clone()
    const commit = origin.commit({ '.lfsconfig': `${config}\n` })
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toMatchObject({
      code: 'content_unsupported',
      message: `Cannot deploy ${commit} into shop: ${refused(key)}`,
    })
    expect(existsSync(store(path))).toBe(false)
  })

  test('is no broken file', async () => {
    push({ 'a.bin': 'one', '.lfsconfig': '[lfs' })
    const found = await bench.git.prepare(at(clone()), origin.git('rev-parse', 'main'))
    expect(found?.problem).toBe('its .lfsconfig is no valid configuration')
  })

  test('counts as it is in the commit, not as it lies in the tree', async () => {
    push({ 'a.bin': 'one' })
    const path = clone()
    writeFileSync(join(path, '.lfsconfig'), `[lfs]\n\turl = file://${bench.play.path('elsewhere')}\n`)
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect(text(path, 'a.bin')).toBe('one')
  })
})

test.for(['lfs.customtransfer.x.path', 'lfs.extension.x.smudge', 'lfs.standalonetransferagent'])(
  'S15: a program for Git LFS in the configuration of the checkout is refused: %s',
  async (key) => {
    push({ 'a.bin': 'one' })
    const path = clone()
    bench.play.git(path, 'config', key, 'x')
    const found = await bench.git.prepare(at(path), origin.git('rev-parse', 'main'))
    expect(found?.problem).toBe(`the git configuration of ${path} has ${key}, a program for Git LFS`)
  },
)
