import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import { docker, newProject } from '../support/docker.ts'
import { writeFiles } from '../support/repository.ts'

const engine = dockerEngine()
const compose = composeCli()
const limit = { timeout: 60_000 }
const labels = { 'fairway.app': 'shop', 'fairway.build-key': 'k1' }

let directory: string
let project: Project
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-build-')))
  project = {
    name: newProject(),
    directory,
    files: [join(directory, 'compose.yaml')],
    envFiles: [],
    profiles: [],
    environment: {},
  }
})
afterEach(async () => {
  const left = await docker('images', '--quiet', '--filter', `reference=${project.name}-*`)
  if (left !== '') await docker('rmi', '--force', ...new Set(left.split('\n')))
  rmSync(directory, { recursive: true, force: true })
})

const image = (suffix: string): string => `${project.name}-${suffix}`
const unique = (): string => `${process.pid} ${performance.now()}\n`

/** Writes files, and builds the service `web` of a Compose file with this build section. */
async function build(
  section: string,
  files: Readonly<Record<string, string>>,
  call: { readonly signal?: AbortSignal; readonly output?: (line: string) => void } = {},
  { timeout }: { readonly timeout: number } = limit,
): Promise<boolean> {
  writeFiles(directory, { 'compose.yaml': `services: { web: { build: ${section} } }\n`, ...files })
  const [web] = await compose.services(project)
  if (!web?.build) throw new Error('nothing to build')
  return engine.build({ service: 'web', build: web.build, names: [image('one')], labels }, { timeout }, call)
}

/** All files of an image below a folder, with type, mode, owner, target, and of regular ones time and digest. */
function filesOf(name: string, folder = '/app'): Promise<string> {
  const look = `cd ${folder} && find . | sort | while read f; do
    stat -c '%n %F %a %u:%g %N' "$f"; [ -L "$f" ] && continue; [ -f "$f" ] && stat -c %Y "$f" && sha256sum < "$f"; done; true`
  return docker('run', '--rm', name, 'sh', '-c', look)
}

test('gives the same files as the build of Compose: modes, links, folders, long and odd names', async () => {
  writeFiles(directory, {
    'web/bin/run.sh': '#!/bin/sh\n',
    'web/bin/plain': unique(),
    'web/grüße an alle.txt': 'hallo',
    [`web/${'deep/'.repeat(30)}file`]: 'below',
    'web/empty': '',
    'web/big': 'x'.repeat(700_001),
  })
  chmodSync(join(directory, 'web/bin/run.sh'), 0o4755)
  chmodSync(join(directory, 'web/bin/plain'), 0o600)
  symlinkSync('bin/run.sh', join(directory, 'web/start'))
  symlinkSync('/etc/nowhere', join(directory, 'web/broken'))
  const dockerfile = 'FROM local/busybox:latest\nCOPY . /app\n'
  expect(await build('./web', { 'web/Dockerfile': dockerfile })).toBe(true)
  await compose.build(project, ['web'], limit)
  const files = await filesOf(image('one'))
  expect(files).toContain('./bin/run.sh regular file 4755 0:0')
  expect(files).toContain("'./start' -> 'bin/run.sh'")
  expect(files).toBe(await filesOf(image('web')))
})

test('gives exactly the labels that it is told, beside those of the file', async () => {
  const section = '{ context: ./web, labels: { own: "a b", "fairway.app": mine } }'
  expect(await build(section, { 'web/Dockerfile': 'FROM local/busybox:latest\n' })).toBe(true)
  const found = await docker('image', 'inspect', '--format', '{{json .Config.Labels}}', image('one'))
  expect(JSON.parse(found)).toEqual({ ...labels, own: 'a b' })
})

test('the same content again, at another time, is the same image', async () => {
  const files = { 'web/Dockerfile': 'FROM local/busybox:latest\nCOPY . /app\n', 'web/a': unique() }
  const built = async (): Promise<string> => {
    expect(await build('./web', files)).toBe(true)
    return docker('image', 'inspect', '--format', '{{.Id}}', image('one'))
  }
  const first = await built()
  rmSync(join(directory, 'web'), { recursive: true })
  expect(await built()).toBe(first)
})

test('arguments, target and another Dockerfile count', async () => {
  const section = '{ context: ./web, dockerfile: docker/live, target: two, args: { LEVEL: "a b=c" } }'
  const dockerfile = `FROM local/busybox:latest AS one
RUN exit 3
FROM local/busybox:latest AS two
ARG LEVEL
ENV SEEN=$LEVEL
FROM one
`
  expect(await build(section, { 'web/docker/live': dockerfile })).toBe(true)
  expect(await docker('run', '--rm', image('one'), 'sh', '-c', 'echo "$SEEN"')).toBe('a b=c')
})

describe('leaves out what is ignored', () => {
  const dockerfile = 'FROM local/busybox:latest\nCOPY . /app\n'
  const files = {
    'web/Dockerfile': dockerfile,
    'web/kept.txt': 'kept',
    'web/secret.env': 'no',
    'web/cache/a': 'no',
    'web/cache/keep/b': 'yes',
    'web/other/deep/secret.env': 'kept or not',
  }
  test.each([
    ['a name', 'secret.env\n'],
    ['a folder, but for one in it', 'cache\n!cache/keep\n'],
    ['names at any depth', '# all of them\n**/*.env\n'],
  ])('by %s, as Compose does', async (_, rules) => {
    expect(await build('./web', { ...files, 'web/.dockerignore': rules })).toBe(true)
    await compose.build(project, ['web'], limit)
    const found = await filesOf(image('one'))
    expect(found).not.toContain(rules.includes('cache') ? './cache/a ' : './secret.env ')
    expect(found).toBe(await filesOf(image('web')))
  })

  test("by the Dockerfile's own ignore file, which wins", async () => {
    const rules = { 'web/.dockerignore': 'kept.txt\n', 'web/Dockerfile.dockerignore': 'cache\n' }
    expect(await build('./web', { ...files, ...rules })).toBe(true)
    await compose.build(project, ['web'], limit)
    const found = await filesOf(image('one'))
    expect(found).toContain('./kept.txt')
    expect(found).toBe(await filesOf(image('web')))
  })
})

describe('does nothing, as it is for Compose,', () => {
  const plain = { 'web/Dockerfile': 'FROM local/busybox:latest\nCOPY . /app\n' }
  test.each<[what: string, section: string, files: Readonly<Record<string, string>>]>([
    ['a base that is not there', './web', { 'web/Dockerfile': 'FROM local/nothere:1\n' }],
    [
      'a source that is not there',
      './web',
      { 'web/Dockerfile': 'FROM local/busybox:latest\nCOPY --from=local/nothere:1 x /' },
    ],
    ['a Dockerfile outside', '{ context: ./web, dockerfile: ../Dockerfile }', { Dockerfile: 'FROM scratch' }],
    ['no Dockerfile', './web', { 'web/a': 'a' }],
    ['an ignored Dockerfile', './web', { ...plain, 'web/.dockerignore': '*file\n' }],
    ['a remote context', 'https://example.org/shop.git#main', {}],
    ['no context', './nothere', { 'web/a': 'a' }],
    ['an ignore file that cannot be told for sure', './web', { ...plain, 'web/.dockerignore': '[a-\n' }],
    ['more tags', '{ context: ./web, tags: ["x:1"] }', plain],
  ])('with %s', async (_, section, files) => {
    expect(await build(section, files)).toBe(false)
    expect(await docker('images', '--quiet', image('one'))).toBe('')
  })

  test('with a socket among the files', async () => {
    writeFiles(directory, plain)
    const server = createServer().listen(join(directory, 'web/socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      expect(await build('./web', plain)).toBe(false)
    } finally {
      server.close()
    }
  })

  test.each([
    ['a file that is not there', 'FROM local/busybox:latest\nCOPY nothere /\n'],
    ['an instruction that lacks something', 'FROM local/busybox:latest\nWORKDIR\n'],
  ])('with %s: it tells that in full', async (_, dockerfile) => {
    expect(await build('./web', { 'web/Dockerfile': dockerfile, 'web/a': unique() })).toBe(false)
    await expect(compose.build(project, ['web'], limit)).rejects.toMatchObject({ code: 'compose_failed' })
  })
})

test('a command of the Dockerfile is shown live, and its failure told with what it said', async () => {
  const lines: string[] = []
  const dockerfile = `FROM local/busybox:latest
COPY . /app
RUN echo "one of $(id -u)"; printf 'grüße'; echo; printf 'no end of line' >&2; exit 3
`
  const building = build(
    './web',
    { 'web/Dockerfile': dockerfile, 'web/a': unique() },
    { output: (line) => void lines.push(line) },
  )
  await expect(building).rejects.toMatchObject({
    code: 'compose_failed',
    message: expect.stringMatching(
      /^Cannot build web: process ".*" did not complete successfully: exit code: 3$/,
    ) as string,
    output: lines,
  })
  expect(lines).toContain('[2/3] COPY . /app')
  expect(lines.slice(-3).toSorted()).toEqual(['grüße', 'no end of line', 'one of 0'])
})

test.each(['out of time', 'cancelled'])(
  'a build that is %s ends, with all that worked for it',
  async (why) => {
    // Seconds that no other sleep on this machine is told.
    const seconds = `${2_000_000 + process.pid}.${why.length}`
    const dockerfile = `FROM local/busybox:latest\nRUN sleep ${seconds}\n`
    const stop = new AbortController()
    const timeout = why === 'cancelled' ? 60_000 : 8_000
    const building = build('./web', { 'web/Dockerfile': dockerfile }, { signal: stop.signal }, { timeout })
    const ended = building.catch((error: unknown) => error)
    const sleeping = (): boolean => isRunning(seconds)
    await expect.poll(sleeping, { timeout, interval: 50 }).toBe(true)
    if (why === 'cancelled') stop.abort(new Error('cancelled'))
    const message =
      why === 'cancelled' ? 'cancelled' : 'The build of web did not end within 8 s and was stopped'
    expect(await ended).toMatchObject({ message })
    await expect.poll(sleeping, { timeout: 10_000, interval: 50 }).toBe(false)
    expect(await docker('images', '--quiet', image('one'))).toBe('')
  },
)

/** Whether a process on this machine was started with this among its arguments. */
function isRunning(word: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
    } catch {
      return false
    }
  })
}
