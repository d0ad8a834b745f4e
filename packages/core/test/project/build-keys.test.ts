import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type KeysUnderTest, keysUnderTest } from '../support/build-keys.ts'
import type { Files } from '../support/repository.ts'

let made: KeysUnderTest
beforeEach(() => {
  made = keysUnderTest()
})
afterEach(() => made.remove())

const web = { context: './web' }
const files: Files = {
  'web/Dockerfile': 'FROM busybox\nCOPY . /\n',
  'web/a b.txt': 'one\n',
  'web/ü\n.txt': 'one\n',
  'web/run.sh': { program: '#!/bin/sh\n' },
  'web/link': { link: 'run.sh' },
  'README.md': 'hello\n',
}

test('the same content has the same key in whatever commit, and a revert gives back the old one', async () => {
  made.commit(files)
  const first = await made.key(web)
  expect(first).toMatch(/^sha256:[0-9a-f]{64}$/)
  made.commit({ 'README.md': 'other\n' })
  expect(await made.key(web)).toBe(first)
  made.commit({ 'web/a b.txt': 'two\n' })
  expect(await made.key(web)).not.toBe(first)
  made.run('revert', '--no-edit', 'HEAD')
  expect(await made.key(web)).toBe(first)
})

test('a merge of a branch that was built already has its key', async () => {
  made.commit(files)
  made.run('checkout', '--quiet', '-b', 'feature')
  made.commit({ 'web/a b.txt': 'feature\n' })
  const built = await made.key(web)
  made.run('checkout', '--quiet', '-')
  made.commit({ 'README.md': 'meanwhile\n' })
  expect(await made.key(web)).not.toBe(built)
  made.run('merge', '--quiet', '--no-edit', 'feature')
  expect(await made.key(web)).toBe(built)
})

test.for<readonly [what: string, change: Files]>([
  ['a changed file', { 'web/a b.txt': 'two\n' }],
  ['a file whose name has a line feed in it', { 'web/ü\n.txt': 'two\n' }],
  ['a file that is gone', { 'web/a b.txt': null }],
  ['a file that can be run now', { 'web/a b.txt': { program: 'one\n' } }],
  ['a link to elsewhere', { 'web/link': { link: 'a b.txt' } }],
  ['a link that became a file', { 'web/link': 'run.sh' }],
  ['the Dockerfile', { 'web/Dockerfile': 'FROM busybox\nCOPY . /srv\n' }],
  ['one more file', { 'web/deep/er/new.txt': '' }],
])(
  '%s counts once committed, and before as it lies there; gone again, the old key is back',
  async ([, change]) => {
    made.commit(files)
    const first = await made.key(web)
    made.write(change)
    const edited = await made.key(web)
    expect(edited).not.toBe(first)
    made.commit({})
    const committed = await made.key(web)
    expect(committed).not.toBe(first)
    made.run('revert', '--no-edit', 'HEAD')
    expect(await made.key(web)).toBe(first)
  },
)

test('before a pull edits of tracked files do not count, while untracked files do', async () => {
  const commit = made.commit(files)
  const keyOf = async (edits: boolean): Promise<string | undefined> => {
    const key = (await made.keys({ web: { build: web } }, { edits, commit })).get('web')
    return key && 'key' in key ? key.key : undefined
  }
  const first = await keyOf(true)
  made.write({ 'web/a b.txt': 'edited\n' })
  expect(await keyOf(false)).toBe(first)
  expect(await keyOf(true)).not.toBe(first)
  made.write({ 'web/a b.txt': 'one\n', 'web/untracked.txt': 'x\n' })
  expect(await keyOf(false)).toBe(await keyOf(true))
  expect(await keyOf(false)).not.toBe(first)
})

test('the key that a plan tells before the pull is the one that a deployment finds after it', async () => {
  made.commit(files)
  made.write({ 'web/untracked.txt': 'x\n', 'web/.env': 'A=1\n', 'web/a b.txt': 'edited\n' })
  made.run('checkout', '--quiet', '-b', 'next')
  made.run('stash', '--quiet')
  const next = made.commit({
    'web/page.html': 'new\n',
    'web/a b.txt': 'two\n',
    '.gitignore': '.env\nuntracked.txt\n',
  })
  made.run('checkout', '--quiet', '-')
  made.run('stash', 'pop', '--quiet')
  const planned = (await made.keys({ web: { build: web } }, { edits: false, commit: next })).get('web')
  made.run('checkout', '--quiet', '--force', 'next')
  expect(await made.key(web)).toBe(planned && 'key' in planned ? planned.key : undefined)
})

test('what git ignores counts as well: Docker sends it', async () => {
  made.commit({ ...files, '.gitignore': 'dist/\n*.log\n' })
  const first = await made.key(web)
  made.write({ 'web/dist/deep/app.js': 'one\n' })
  const built = await made.key(web)
  expect(built).not.toBe(first)
  made.write({ 'web/dist/deep/app.js': 'two\n' })
  expect(await made.key(web)).not.toBe(built)
  made.write({ 'web/dist': null, 'web/a.log': 'x\n' })
  expect(await made.key(web)).not.toBe(first)
  made.write({ 'web/a.log': null })
  expect(await made.key(web)).toBe(first)
})

test('what .dockerignore leaves out does not count, tracked or not, and what it takes back in does', async () => {
  const ignore = { 'web/.dockerignore': 'docs\n!docs/shown.md\n**/*.log\n' }
  made.commit({ ...files, ...ignore, 'web/docs/a.md': 'one\n', 'web/docs/shown.md': 'one\n' })
  const first = await made.key(web)
  made.write({ 'web/docs/a.md': 'edited\n', 'web/docs/new.md': 'x\n', 'web/deep/x.log': 'x\n' })
  expect(await made.key(web)).toBe(first)
  made.commit({ 'web/docs/a.md': 'two\n' })
  expect(await made.key(web)).toBe(first)
  made.write({ 'web/docs/shown.md': 'edited\n' })
  const edited = await made.key(web)
  expect(edited).not.toBe(first)
  made.write({ 'web/docs/shown.md': 'one\n', 'web/a b.txt': null })
  const less = await made.key(web)
  expect([first, edited]).not.toContain(less)
  made.write({ 'web/a b.txt': 'one\n' })
  expect(await made.key(web)).toBe(first)
})

test('files with one name in two places are told apart also beside an ignore file', async () => {
  made.commit({ ...files, 'web/.dockerignore': 'docs\n', 'web/x/f': 'one\n', 'web/y/f': 'two\n' })
  const first = await made.key(web)
  made.commit({ 'web/x/f': 'two\n', 'web/y/f': 'one\n' })
  expect(await made.key(web)).not.toBe(first)
})

test('the ignore file of a Dockerfile wins over that of the context', async () => {
  const own = { context: './web', dockerfile: '../docker/web.Dockerfile' }
  made.commit({
    ...files,
    'docker/web.Dockerfile': 'FROM busybox\n',
    'docker/web.Dockerfile.dockerignore': 'own.txt\n',
    'web/.dockerignore': 'general.txt\n',
  })
  const before = [await made.key(own), await made.key(web)]
  made.write({ 'web/own.txt': 'x\n' })
  expect([(await made.key(own)) === before[0], (await made.key(web)) === before[1]]).toEqual([true, false])
  made.write({ 'web/own.txt': null, 'web/general.txt': 'x\n' })
  expect([(await made.key(own)) === before[0], (await made.key(web)) === before[1]]).toEqual([false, true])
  made.write({ 'web/general.txt': null, 'docker/web.Dockerfile': 'FROM busybox:2\n' })
  expect([(await made.key(own)) === before[0], (await made.key(web)) === before[1]]).toEqual([false, true])
})

test('contexts in one another each count what is theirs', async () => {
  const sections = {
    all: { build: { context: '.' } },
    web: { build: web },
    api: { build: { context: './web/api' } },
  }
  made.commit({
    ...files,
    Dockerfile: 'FROM busybox\n',
    '.dockerignore': 'web/node_modules\n',
    'web/api/Dockerfile': 'FROM busybox\n',
    '.gitignore': 'node_modules\n',
  })
  const changed = async (change: Files): Promise<readonly string[]> => {
    const before = await made.keys(sections)
    made.write(change)
    const after = await made.keys(sections)
    const keyIn = (keys: typeof after, name: string): unknown => keys.get(name)
    return Object.keys(sections).filter(
      (name) => JSON.stringify(keyIn(before, name)) !== JSON.stringify(keyIn(after, name)),
    )
  }
  expect(await changed({ 'README.md': 'x\n' })).toEqual(['all'])
  expect(await changed({ 'web/x': 'x\n' })).toEqual(['all', 'web'])
  expect(await changed({ 'web/api/x': 'x\n' })).toEqual(['all', 'web', 'api'])
  expect(await changed({ 'web/node_modules/x': 'x\n' })).toEqual(['web'])
  expect(await changed({ 'web/api/node_modules/x': 'x\n' })).toEqual(['all', 'web', 'api'])
})

test.for<readonly [string, Readonly<Record<string, unknown>>]>([
  ['an argument', { args: { VERSION: '2' } }],
  ['the target', { target: 'tools' }],
  ['the Dockerfile as text', { dockerfile_inline: 'FROM busybox\n' }],
  ['another platform', { platforms: ['linux/arm64'] }],
  ['a label', { labels: { a: 'b' } }],
  ['what nobody knows yet', { frobnicate: true }],
])('%s of the build section counts', async ([, build]) => {
  made.commit(files)
  expect(await made.key({ ...web, ...build })).not.toBe(await made.key(web))
})

test('where caches lie does not count, nor does where the same content lies', async () => {
  const copy = Object.entries(files).map(
    ([file, content]) => [file.replace('web/', 'copy/'), content] as const,
  )
  made.commit({ ...files, ...Object.fromEntries(copy) })
  const first = await made.key(web)
  expect(await made.key({ ...web, cache_from: ['type=local,src=x'], cache_to: ['type=inline'] })).toBe(first)
  expect(await made.key({ context: './copy' })).toBe(first)
})

test('the platform of the service counts', async () => {
  made.commit(files)
  const keys = await made.keys({
    a: { build: web },
    b: { build: web, platform: 'linux/arm64' },
    c: { build: web },
  })
  const [a, b, c] = ['a', 'b', 'c'].map((name) => keys.get(name))
  expect(a).toHaveProperty('key')
  expect(JSON.stringify(a)).toBe(JSON.stringify(c))
  expect(JSON.stringify(a)).not.toBe(JSON.stringify(b))
})

test('secrets of a build count by the content of their files', async () => {
  made.commit(files)
  made.write({ token: 'one' })
  const build = { ...web, secrets: [{ source: 'token' }] }
  const first = await made.key(build)
  expect(first).toMatch(/^sha256:/)
  made.write({ token: 'two' })
  expect(await made.key(build)).not.toBe(first)
  expect(await made.key({ ...web, secrets: [{ source: 'variable' }] })).toMatch(/^sha256:/)
  made.write({ token: null })
  expect(await made.key(build)).toBe(
    'unknown: web is built with the secret token, which has no file of moderate size',
  )
})

test('additional contexts count by content, and images by name', async () => {
  made.commit({ ...files, 'shared/a.txt': 'one\n', 'shared/.dockerignore': '*.log\n' })
  const build = { ...web, additional_contexts: { shared: './shared', base: 'docker-image://busybox:1' } }
  const first = await made.key(build)
  made.write({ 'shared/a.txt': 'two\n' })
  expect(await made.key(build)).not.toBe(first)
  made.write({ 'shared/a.txt': 'one\n', 'shared/a.log': 'left out there too\n' })
  expect(await made.key(build)).toBe(first)
  expect(
    await made.key({
      ...build,
      additional_contexts: { shared: './shared', base: 'docker-image://busybox:2' },
    }),
  ).not.toBe(first)
})

test('.git does not count, unless a Dockerfile names it', async () => {
  made.commit({ ...files, Dockerfile: 'FROM busybox\nCOPY . /\n' })
  const first = await made.key()
  made.run('commit', '--quiet', '--allow-empty', '--message', 'nothing')
  expect(await made.key()).toBe(first)
  made.commit({ Dockerfile: 'FROM busybox\nCOPY . /\nCOPY .git /git\n' })
  const second = await made.key()
  made.run('commit', '--quiet', '--allow-empty', '--message', 'nothing')
  expect(await made.key()).not.toBe(second)
})

test('a repository in the context that is not of this one counts by its files', async () => {
  made.commit(files)
  const first = await made.key(web)
  made.write({ 'web/vendor/lib/a.c': 'one\n' })
  made.run('init', '--quiet', 'web/vendor/lib')
  const second = await made.key(web)
  expect(second).not.toBe(first)
  made.run('-C', 'web/vendor/lib', 'add', 'a.c')
  made.run('-C', 'web/vendor/lib', 'commit', '--quiet', '--message', 'x')
  expect(await made.key(web)).toBe(second)
  made.write({ 'web/vendor/lib/a.c': 'two\n' })
  expect(await made.key(web)).not.toBe(second)
  expect(await made.key({ context: './web/vendor/lib', dockerfile: '../../Dockerfile' })).toMatch(/^sha256:/)
})

test('permissions of what git does not track count', async () => {
  made.commit(files)
  made.write({ 'web/tool': 'x\n' })
  const first = await made.key(web)
  chmodSync(join(made.path, 'web/tool'), 0o600)
  expect(await made.key(web)).not.toBe(first)
})

test('a file that only looks changed, as its times are new, changes no key', async () => {
  made.commit(files)
  const first = await made.key(web)
  writeFileSync(join(made.path, 'web/a b.txt'), 'one\n')
  expect(await made.key(web)).toBe(first)
})

test('2,000 files, untracked and left out in part', async () => {
  const many = Object.fromEntries(
    Array.from(
      { length: 2_000 },
      (_, i) => [`web/${i % 2 ? 'docs' : 'src'}/${i % 40}/${i}.txt`, `${i}\n`] as const,
    ),
  )
  made.commit({ ...files, 'web/.dockerignore': 'docs\n' })
  made.write(many)
  const first = await made.key(web)
  made.write({ 'web/docs/1/1.txt': 'other\n' })
  expect(await made.key(web)).toBe(first)
  made.write({ 'web/src/2/2.txt': 'other\n' })
  expect(await made.key(web)).not.toBe(first)
})
