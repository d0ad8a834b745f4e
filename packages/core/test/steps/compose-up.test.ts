import { beforeEach, expect, test } from 'vitest'
import { type App, type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Rebuild } from '../../src/domain/rebuild.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { composeUp, type ComposeUpOptions } from '../../src/steps/compose-up.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'

const path = '/srv/shop'
const nothing: Rebuild = { needed: false, services: [], because: [], reasons: {}, builds: {} }
const building = (...services: readonly string[]): Rebuild => ({ ...nothing, needed: true, services })

let files: ReturnType<typeof fakeFiles>
let compose: ReturnType<typeof fakeCompose>
let locks: ReturnType<typeof fakeLocks>
beforeEach(() => {
  files = fakeFiles({
    [`${path}/docker-compose.prod.yml`]: 'services: {}\n',
    [`${path}/docker-compose.dev.yml`]: 'services: {}\n',
  })
  compose = fakeCompose({ services: ['web', 'db'].map((name) => ({ name, replicas: 1 })) })
  locks = fakeLocks()
})

interface Result {
  readonly outcome: Outcome<object>
  readonly lines: readonly string[]
}

async function bringUp(
  rebuild: Rebuild = nothing,
  given: Partial<AppOptions> = {},
  options: ComposeUpOptions = {},
): Promise<Result> {
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path, ...given })
  const lines: string[] = []
  const write = (line: string): void => void lines.push(line)
  const outcome = await pipeline<{ app: App; rebuild: Rebuild }>()
    .use(composeUp({ compose, files, locks, clock: fakeClock(), ...options }))
    .run({ app, rebuild }, { log: { debug() {}, info: write, warn: write, error: write } })
  return { outcome, lines }
}

test('builds what must be built, then brings up the whole project, in the words of the seed', async () => {
  const { outcome, lines } = await bringUp(building('web'))
  expect(outcome).toMatchObject({
    status: 'success',
    ctx: { project: { name: 'shop' }, services: [{ name: 'web' }, { name: 'db' }] },
  })
  expect(compose.calls).toEqual(['build shop web', 'up shop'])
  expect(lines).toEqual([
    '🚀 Changes detected. Building and deploying shop with docker-compose.prod.yml...',
    'Docker compose build and up successful for shop.',
  ])
})

test('builds nothing where nothing must be built', async () => {
  const { lines } = await bringUp()
  expect(compose.calls).toEqual(['up shop'])
  expect(lines).toEqual([
    '✨ No significant changes. Deploying shop without rebuilding images using docker-compose.prod.yml...',
    'Docker compose up successful for shop.',
  ])
})

test.each([
  ['', 'docker-compose.prod.yml'],
  ['DEBUG=true\n', 'docker-compose.dev.yml'],
  ['DEBUG=True\n', 'docker-compose.dev.yml'],
  ['DEBUG="TRUE"\n', 'docker-compose.dev.yml'],
  ['DEBUG=1\n', 'docker-compose.prod.yml'],
  ['DEBUG=false\n', 'docker-compose.prod.yml'],
  ['# DEBUG=true\n', 'docker-compose.prod.yml'],
])('with %j in .env it takes %s', async (env, file) => {
  files.write(`${path}/.env`, env)
  const { outcome } = await bringUp()
  expect(outcome.ctx).toMatchObject({
    project: { files: [`${path}/${file}`], directory: path, envFiles: [`${path}/.env`] },
  })
})

test.each([
  [{}, '', 'p_name_1'],
  [{ color: 'red' }, '', 'redp_name_1'],
  [{ color: 'red' }, 'COLOR=Blue\n', 'bluep_name_1'],
  [{}, 'COLOR=green\n', 'greenp_name_1'],
  [{ color: 'red' }, 'COLOR=\n', 'p_name_1'],
])('with %j and %j in .env the project is called %3$s', async (given, env, name) => {
  files.write(`${path}/.env`, env)
  await bringUp(nothing, { project: 'p_name_1', ...given })
  expect(compose.calls).toEqual([`up ${name}`])
  expect(locks.calls[0]).toBe(`take project:fake/${name}`)
})

test('a colour that Compose would refuse is refused in words, before anything is locked', async () => {
  files.write(`${path}/.env`, 'COLOR=" rot"\n')
  const { outcome } = await bringUp()
  expect(outcome).toMatchObject({ status: 'failure', error: { code: 'project_name_invalid' } })
  expect(locks.calls).toEqual([])
  expect(compose.calls).toEqual([])
})

test('without any Compose file says where it looked', async () => {
  files = fakeFiles({ [`${path}/README.md`]: '' })
  const { outcome } = await bringUp()
  expect(outcome).toMatchObject({
    error: {
      code: 'compose_invalid',
      message: `Cannot deploy shop: there is no Compose file in ${path}`,
      hint: expect.stringContaining('docker-compose.prod.yml, compose.yaml') as string,
    },
  })
})

test.each([
  ['services', 'compose_invalid', []],
  ['build', 'compose_failed', ['build shop web']],
  ['up', 'compose_failed', ['build shop web', 'up shop']],
] as const)(
  'when Compose fails at %s nothing after it is done, and the lock is given back',
  async (method, code, calls) => {
    compose.fail(method)
    const { outcome, lines } = await bringUp(building('web'))
    expect(outcome).toMatchObject({ status: 'failure', step: 'composeUp', error: { code } })
    expect(compose.calls).toEqual(calls)
    expect(lines.join('\n')).not.toContain('successful')
    expect(locks.calls).toEqual(['take project:fake/shop', 'release project:fake/shop'])
  },
)

test('takes the lock before it reads, builds or starts anything', async () => {
  const seen: string[] = []
  const watched = fakeCompose({ services: [{ name: 'web', replicas: 1 }] })
  const { outcome } = await bringUp(
    building(),
    {},
    {
      compose: {
        ...watched,
        services: async (...args) => {
          seen.push(...locks.calls)
          return watched.services(...args)
        },
      },
    },
  )
  expect(outcome.status).toBe('success')
  expect(seen).toEqual(['take project:fake/shop'])
})

test('a project that another run holds is left alone, and the holder named', async () => {
  locks.hold('project:fake/shop', { pid: 7, who: 'fairway serve, other' })
  const { outcome } = await bringUp(building('web'), {}, { wait: false })
  expect(outcome).toMatchObject({
    status: 'failure',
    error: {
      code: 'locked',
      message:
        'Cannot deploy shop: its Compose project shop is held by fairway serve, other (pid 7) since 2026-01-31T12:00:00.000Z',
    },
  })
  expect(compose.calls).toEqual([])
})

test('waits for a project that another run holds, says so once, and goes on', async () => {
  locks.hold('project:fake/shop', { pid: 7, who: 'fairway serve, other' })
  const clock = fakeClock()
  const sleep: typeof clock.sleep = async (...args) => {
    await clock.sleep(...args)
    if (clock.monotonic() > 1_000) locks.free('project:fake/shop')
  }
  const { outcome, lines } = await bringUp(nothing, {}, { clock: { ...clock, sleep } })
  expect(outcome.status).toBe('success')
  expect(lines.filter((line) => line.includes('waits'))).toEqual([
    'shop waits: its Compose project shop is held by fairway serve, other (pid 7) since 2026-01-31T12:00:00.000Z',
  ])
})
