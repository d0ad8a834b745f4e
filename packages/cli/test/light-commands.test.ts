import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fairway, folder, secret } from './support.ts'
import { commit, journalFolder, next, served } from './support/journal.ts'

/** What reading a configuration takes. */
const configuration = ['dotenv', 'picomatch', 'yaml', 'zod']
/** What git is asked with. */
const git = ['debug', 'has-flag', 'ms', 'simple-git', 'supports-color']

test.each(['--help', '--version', 'deploy --help'])(
  'fairway %s loads nothing of what it tells',
  async (line) => {
    const { exitCode, packages, parts } = await loads(line.split(' '), await folder())
    expect([exitCode, packages, parts]).toEqual([0, ['commander'], []])
  },
)

test('fairway deploy beside a server asks it, and loads nothing that deploys', async () => {
  const server = await served()
  const { directory, journal } = server
  const command = loads(['deploy', 'shop'], directory)
  const { deployment } = await next(server)
  await journal.started(deployment.id)
  await journal.ended(deployment.id, { status: 'success', reason: null, commit })
  const { exitCode, packages, parts } = await command
  expect([exitCode, packages]).toEqual([0, ['commander', ...configuration]])
  expect(parts).not.toContain('core/src/steps')
  expect(parts).not.toContain('server/src/http')
})

test.each([
  'deployments',
  'deliveries',
  'logs ID',
  'cancel ID',
  'backup copy.db',
  'config check',
  'config show',
])('fairway %s reads the configuration and the journal alone', async (line) => {
  const { directory, run } = await journalFolder()
  const { id } = await run('a-delivery', {})
  const { exitCode, packages, parts } = await loads(line.replace('ID', id).split(' '), directory)
  expect([exitCode, packages]).toEqual([0, ['commander', ...configuration]])
  expect(parts).not.toContain('core/src/steps')
})

test('fairway hold loads git, and neither Docker nor a server', async () => {
  const { directory } = await journalFolder()
  const { exitCode, packages, parts } = await loads(['hold', 'shop'], directory)
  expect([exitCode, packages.filter(isOurChoice)]).toEqual([
    1,
    ['commander', ...configuration, ...git].toSorted(),
  ])
  expect(parts).not.toContain('core/src/steps')
})

test('fairway status loads git and Docker, and no server', async () => {
  const { directory } = await journalFolder()
  const { exitCode, packages, parts } = await loads(['status'], directory)
  expect(exitCode).toBe(0)
  expect(packages).toEqual(expect.arrayContaining(['dockerode', 'simple-git']))
  for (const name of ['hono', '@hono/node-server', 'tslog']) expect(packages).not.toContain(name)
  expect(parts).not.toContain('core/src/steps')
})

/** Of simple-git its own small parts. */
function isOurChoice(name: string): boolean {
  return !/^@(simple-git|kwsites)\//.test(name)
}

interface Loads {
  readonly exitCode: number
  /** Names of other people's packages. */
  readonly packages: readonly string[]
  /** Folders of our own, such as `core/src/steps`. */
  readonly parts: readonly string[]
}

/** Runs a command in a process of its own, and tells what it loaded. */
async function loads(args: readonly string[], directory: string): Promise<Loads> {
  const file = join(directory, 'loaded')
  const { exitCode } = await fairway(args, {
    directory,
    environment: {
      GITHUB_WEBHOOK_SECRET: secret,
      DOCKER_HOST: 'unix:///nonexistent.sock',
      NODE_OPTIONS: `--import=${new URL('./fixtures/record-loads.ts', import.meta.url).href}`,
      LOADED: file,
    },
  })
  const urls = (await readFile(file, 'utf8')).split('\n')
  const found = (pattern: RegExp): readonly string[] =>
    [...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []))].toSorted()
  return {
    exitCode,
    packages: found(/\/node_modules\/(?!\.pnpm\/)((?:@[^/]+\/)?[^/]+)/),
    parts: found(/\/packages\/((?:core|server)\/src\/[^/]+)\//),
  }
}
