import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BuildKey } from '../../src/domain/build-key.ts'
import { type KeysUnderTest, keysUnderTest, type Sections } from '../support/build-keys.ts'
import type { Files } from '../support/repository.ts'

let made: KeysUnderTest
beforeEach(() => {
  made = keysUnderTest()
})
afterEach(() => made.remove())

const sentences = (keys: ReadonlyMap<string, BuildKey>): Readonly<Record<string, string>> =>
  Object.fromEntries([...keys].map(([name, key]) => [name, 'key' in key ? 'known' : key.unknown]))

/** Which services have another key after a change. */
async function changedBy(sections: Sections, change: Files): Promise<readonly string[]> {
  const before = await made.keys(sections)
  made.write(change)
  const after = await made.keys(sections)
  expect(Object.values(sentences(after))).not.toContain('unknown')
  return [...after]
    .filter(([name, key]) => JSON.stringify(key) !== JSON.stringify(before.get(name)))
    .map(([name]) => name)
}

test.for<
  readonly [
    how: string,
    dockerfile: string,
    base: Readonly<Record<string, unknown>>,
    web: Readonly<Record<string, unknown>>,
  ]
>([
  ['by its image', 'FROM acme/base', { image: 'acme/base:latest' }, {}],
  ['by its image with a registry', 'FROM acme/base:1', { image: 'docker.io/acme/base:1' }, {}],
  ['by the name that Compose gives it', 'FROM shop-base', {}, {}],
  ['by an argument', 'ARG BASE=x\nFROM ${BASE}:1', { image: 'acme/base:1' }, { args: { BASE: 'acme/base' } }],
  ['by COPY --from', 'FROM busybox\nCOPY --from=shop-base /x /x', {}, {}],
  ['by a mount', 'FROM busybox\nRUN --mount=from=shop-base,target=/x true', {}, {}],
  ['as an additional context', 'FROM base', {}, { additional_contexts: { base: 'service:base' } }],
  ['as the image of one', 'FROM base', {}, { additional_contexts: { base: 'docker-image://shop-base' } }],
])(
  'what is built on an image of the same project has its content in its key: %s',
  async ([, text, base, build]) => {
    made.commit({
      'base/Dockerfile': 'FROM busybox\n',
      'web/Dockerfile': text,
      'other/Dockerfile': 'FROM busybox\n',
    })
    const sections = {
      web: { build: { context: './web', ...build } },
      base: { ...base, build: { context: './base' } },
      other: { build: { context: './other' } },
    }
    const keys = await made.keys(sections)
    expect(keys.get('web')).toHaveProperty('content.services', ['base'])
    expect(keys.get('other')).toHaveProperty('content.services', [])
    expect(await changedBy(sections, { 'base/new.txt': 'x\n' })).toEqual(['web', 'base'])
    expect(await changedBy(sections, { 'web/new.txt': 'x\n' })).toEqual(['web'])
  },
)

test('names the base images that nobody builds here', async () => {
  made.commit({ Dockerfile: 'FROM node:22 AS a\nFROM nginx\nCOPY --from=a / /\n' })
  expect((await made.keys({ web: { build: {} } })).get('web')).toHaveProperty('bases', ['node:22', 'nginx'])
})

test('images that are built on each other, or on themselves, have no key', async () => {
  made.commit({ 'a/Dockerfile': 'FROM shop-b', 'b/Dockerfile': 'FROM shop-a', 'c/Dockerfile': 'FROM acme/c' })
  const keys = await made.keys({
    a: { build: { context: './a' } },
    b: { build: { context: './b' } },
    c: { image: 'acme/c', build: { context: './c' } },
  })
  expect(sentences(keys)).toEqual({
    a: 'a is built on b, and b is built on a, and a is built on an image that is built on its own',
    b: 'b is built on a, and a is built on an image that is built on its own',
    c: 'c is built on c, and c is built on an image that is built on its own',
  })
})

test('says why a key cannot be told', async () => {
  made.commit({
    'web/Dockerfile': 'FROM busybox',
    'on/Dockerfile': 'FROM shop-remote',
    'arch/Dockerfile': 'FROM shop-w$TARGETARCH',
    'other/Dockerfile': 'FROM golang-$TARGETARCH',
    out: { link: '/etc' },
  })
  const keys = await made.keys({
    remote: { build: { context: 'https://user:secret@git.example/lib.git#main' } },
    outside: { build: { context: './../elsewhere' } },
    linked: { build: { context: './out' } },
    on: { build: { context: './on' } },
    arch: { build: { context: './arch' } },
    other: { build: { context: './other' } },
    web: { build: { context: './web' } },
    none: { build: { context: './web', dockerfile: 'None' } },
    fresh: { build: { context: './web', no_cache: true } },
    lib: {
      build: {
        context: './web',
        additional_contexts: { lib: 'https://user:secret@git.example/lib.git#main' },
      },
    },
    layout: { build: { context: './web', additional_contexts: { lib: 'oci-layout:///srv/layout' } } },
    plain: { image: 'busybox' },
  })
  expect(sentences(keys)).toEqual({
    remote: 'remote is built from https://git.example/lib.git#main, outside the checkout',
    outside: expect.stringMatching(/^outside is built from \/.*\/elsewhere, outside the checkout$/),
    linked: expect.stringMatching(/^linked is built from \/.*\/out, outside the checkout$/),
    on: 'on is built on remote, and remote is built from https://git.example/lib.git#main, outside the checkout',
    arch: 'arch is built on shop-w$TARGETARCH, which may be web or not',
    other: 'known',
    web: 'known',
    none: 'none has no Dockerfile at web/None',
    lib: 'lib is built with https://git.example/lib.git#main, outside the checkout',
    layout: 'layout is built with oci-layout:///srv/layout, outside the checkout',
    fresh: 'fresh asks for a new build each time (no_cache)',
  })
})

test('tells which files of the checkout count', async () => {
  made.commit({
    'docker/Dockerfile': 'FROM busybox',
    'docker/Dockerfile.dockerignore': 'docs\n',
    'web/a.txt': 'x',
    'shared/a.txt': 'x',
  })
  const build = {
    context: './web',
    dockerfile: '../docker/Dockerfile',
    additional_contexts: { shared: './shared' },
  }
  const key = (await made.keys({ web: { build } })).get('web')
  if (!key || !('key' in key)) throw new Error('no key')
  const { content } = key
  expect(content.contexts).toEqual(['web', 'shared'])
  expect(content.dockerfile).toBe('docker/Dockerfile')
  expect(content.ignoreFile).toBe('docker/Dockerfile.dockerignore')
  const asked = [
    'web/a.txt',
    'web/docs/a.md',
    'website/a',
    'shared/a.txt',
    'docker/Dockerfile',
    'docker/Dockerfile.dockerignore',
    'docker/b',
    'README.md',
  ]
  expect(asked.filter((file) => content.isIgnored(file))).toEqual([
    'web/docs/a.md',
    'website/a',
    'docker/b',
    'README.md',
  ])
})

test('a folder that is asked for by a symbolic link is the one that it leads to', async () => {
  made.commit({ 'real/Dockerfile': 'FROM busybox', 'real/a.txt': 'one\n', link: { link: 'real' } })
  const sections = { a: { build: { context: './real' } }, b: { build: { context: './link' } } }
  const keys = await made.keys(sections)
  expect(keys.get('a')).toHaveProperty('key')
  expect(JSON.stringify(keys.get('a'))).toBe(JSON.stringify(keys.get('b')))
})
