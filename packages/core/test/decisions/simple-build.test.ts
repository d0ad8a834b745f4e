import { describe, expect, test } from 'vitest'
import { simpleBuild } from '../../src/decisions/simple-build.ts'

const from = 'FROM alpine:3\n'
const decide = (
  dockerfile: string,
  section: Readonly<Record<string, unknown>> = {},
  { platform, proxies = false }: { readonly platform?: string; readonly proxies?: boolean } = {},
) =>
  simpleBuild({
    build: { context: '/srv/web', additionalContexts: [], digest: 'sha256:1', section },
    dockerfile,
    platform,
    proxies,
  })
const because = (text: string) => ({ because: text })

test('a plain Dockerfile is enough for one request', () => {
  expect(decide(`# the shop\n${from}WORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "."]\n`)).toEqual({
    images: ['alpine:3'],
    args: {},
    labels: {},
  })
})

test('arguments, labels, target and platform of the build section go along', () => {
  const section = {
    context: '/srv/web',
    dockerfile: 'Dockerfile',
    args: { LEVEL: '1' },
    labels: { own: 'x' },
    target: 'live',
    platforms: ['linux/amd64'],
  }
  expect(decide(from, section)).toEqual({
    images: ['alpine:3'],
    args: { LEVEL: '1' },
    labels: { own: 'x' },
    target: 'live',
    platform: 'linux/amd64',
  })
  expect(decide(from, {}, { platform: 'linux/arm64' })).toMatchObject({ platform: 'linux/arm64' })
})

test.each<[what: string, dockerfile: string, section: Readonly<Record<string, unknown>>, images: string[]]>([
  [
    'stages',
    'FROM a AS one\nFROM ONE as two\nFROM b\nCOPY --from=two x /\nCOPY --from=0 x /',
    {},
    ['a', 'b'],
  ],
  ['a later stage that is called like an image', 'FROM one\nFROM two AS one', {}, ['one', 'two']],
  ['what is copied from an image', `${from}COPY --chown=1 --from=tool:1 x /`, {}, ['alpine:3', 'tool:1']],
  ['nothing', 'FROM scratch\nCOPY x /', {}, []],
  ['a default', 'ARG BASE=alpine\nARG V=${BASE}:3\nFROM $V', {}, ['alpine:3']],
  ['a quoted default', 'ARG BASE="alpine:3"\nFROM ${BASE}', {}, ['alpine:3']],
  ['an argument', 'ARG BASE=alpine\nFROM $BASE', { args: { BASE: 'debian' } }, ['debian']],
  ['continued lines, with a comment between', 'FROM \\\n# the base\n\n  alpine:3', {}, ['alpine:3']],
  ['lines of Windows', 'FROM alpine:3\r\nCOPY a \\\r\n  b /\r\n', {}, ['alpine:3']],
])('begins with %s', (_, dockerfile, section, images) => {
  expect(decide(dockerfile, section)).toMatchObject({ images })
})

describe('is left to Compose', () => {
  test.each([
    ['additional_contexts', { base: '/srv/base' }],
    ['secrets', [{ source: 'token' }]],
    ['ssh', ['default']],
    ['cache_from', ['alpine']],
    ['cache_to', ['type=local']],
    ['network', 'host'],
    ['extra_hosts', { db: '10.0.0.1' }],
    ['shm_size', '1073741824'],
    ['ulimits', { nofile: 1 }],
    ['privileged', true],
    ['isolation', 'hyperv'],
    ['entitlements', ['network.host']],
    ['tags', ['shop:1']],
    ['no_cache', true],
    ['pull', true],
    ['dockerfile_inline', 'FROM alpine'],
    ['imagined', 'yes'],
  ])('with %s in its build section; not with an empty one', (key, value) => {
    expect(decide(from, { [key]: value })).toEqual(because(`its build section has ${key}`))
    const empty = [null, typeof value === 'boolean' ? false : Array.isArray(value) ? [] : '']
    for (const nothing of empty)
      expect(decide(from, { [key]: nothing })).toMatchObject({ images: ['alpine:3'] })
  })

  test('without the section as Compose resolved it', () => {
    const build = { context: '/srv/web', additionalContexts: [], digest: 'sha256:1' }
    expect(simpleBuild({ build, dockerfile: from, proxies: false })).toHaveProperty('because')
  })

  test.each<[what: string, dockerfile: string, section?: Readonly<Record<string, unknown>>]>([
    ['a syntax of its own', `# syntax=docker/dockerfile:1\n${from}`],
    ['the same after another directive', `# check=skip=all\n#syntax = docker/dockerfile:1\n${from}`],
    ['another escape', `# escape=\`\n${from}`],
    ['a heredoc', `${from}RUN <<EOF\necho 1\nEOF`],
    ['a secret mount', `${from}RUN --mount=type=secret,id=x cat /x`],
    ['a mount from an image', `${from}RUN --mount=from=tool,target=/t /t/x`],
    ['a network for a command', `${from}RUN --network=none true`],
    ['a download', `${from}ADD https://example.org/x /`],
    ['a clone', `${from}ADD git@example.org:a/b.git /`],
    ['a platform of its own', 'FROM --platform=linux/arm64 alpine'],
    ['a base that nobody names', 'ARG BASE\nFROM $BASE'],
    ['a base with a default in the place', 'FROM ${BASE:-alpine}'],
    ['a source that is a variable', `${from}ARG T\nCOPY --from=$T x /`],
    ['an instruction of tomorrow', `${from}IMAGINE all`],
    ['ONBUILD', `${from}ONBUILD COPY . .`],
    ['nothing in it', '# nothing\n'],
    ['several platforms', from, { platforms: ['linux/amd64', 'linux/arm64'] }],
    ['an argument without a value', from, { args: { TOKEN: null } }],
    ['an argument for BuildKit', from, { args: { BUILDKIT_SYNTAX: 'x' } }],
    ['a $ that Compose may have doubled', from, { args: { PRICE: '5$$' } }],
    ['labels as a list', from, { labels: ['a=b'] }],
  ])('with %s', (_, dockerfile, section) => {
    expect(decide(dockerfile, section)).toEqual({ because: expect.any(String) as string })
  })

  test('a command where docker tells builds of proxies; files alone need none', () => {
    expect(decide(`${from}RUN true`, {}, { proxies: true })).toEqual(because('RUN would be told of proxies'))
    expect(decide(`${from}COPY . .`, {}, { proxies: true })).toHaveProperty('images')
  })
})
