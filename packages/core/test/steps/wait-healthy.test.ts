import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import type { Project } from '../../src/domain/project.ts'
import { pipeline, type Outcome } from '../../src/pipeline.ts'
import { waitHealthy, type WaitHealthyOptions } from '../../src/steps/wait-healthy.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'
import { newProject, removeContainers, runContainer } from '../support/docker.ts'

const rollout = { settle: 1_000, healthTimeout: 10_000 }

function wait(
  { signal, ...options }: WaitHealthyOptions & { readonly signal?: AbortSignal },
  name: string,
  ...services: readonly string[]
): Promise<Outcome<object>> & { lines: string[] } {
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop', rollout })
  const project: Project = {
    name,
    directory: '/srv/shop',
    files: [],
    envFiles: [],
    profiles: [],
    environment: {},
  }
  const lines: string[] = []
  const write = (line: string): void => void lines.push(line)
  const log = { debug() {}, info: write, warn: write, error() {} }
  const wanted = services.map((service) => ({ name: service, replicas: 1 }))
  const running = pipeline<{ app: typeof app; project: Project; services: typeof wanted }>()
    .use(waitHealthy(options))
    .run({ app, project, services: wanted }, { log, ...(signal ? { signal } : {}) })
  return Object.assign(running, { lines })
}

describe('with doubles', () => {
  test('ends as soon as everything stands still, and says so once for each service', async () => {
    const engine = fakeEngine()
    engine.show('shop', [
      fakeContainer({ service: 'web' }),
      fakeContainer({ service: 'db', health: 'healthy' }),
    ])
    const waiting = wait({ engine, clock: fakeClock() }, 'shop', 'web', 'db')
    expect(await waiting).toMatchObject({
      status: 'success',
      ctx: { containers: [{ service: 'web' }, { service: 'db' }] },
    })
    expect(waiting.lines).toEqual(['web is up', 'db is healthy'])
    expect(engine.calls).toEqual(['containers shop'])
  })

  test('a failed service is named, with its last 20 lines', async () => {
    const engine = fakeEngine()
    engine.show('shop', [fakeContainer({ service: 'web', state: 'exited', exitCode: 3 })])
    engine.write('web', ...Array.from({ length: 30 }, (_, index) => `line ${index}`), 'evil \u001b[2J')
    const outcome = await wait({ engine, clock: fakeClock() }, 'shop', 'web')
    expect(outcome).toMatchObject({
      status: 'failure',
      error: { code: 'unhealthy', message: 'web exited with code 3' },
    })
    const { output } = (outcome as { error: { output: string[] } }).error
    expect(output).toHaveLength(21)
    expect(output[0]).toBe('Last lines of web-1 (exited):')
    expect(output.at(-1)).toBe('  evil \\x1b[2J')
  })

  test('F25: an engine that restarts is waited for; one that stays away fails the step', async () => {
    const engine = fakeEngine()
    engine.show('shop', 'unavailable', 'unavailable', [fakeContainer({ service: 'web' })])
    expect((await wait({ engine, clock: fakeClock() }, 'shop', 'web')).status).toBe('success')
    engine.show('shop', 'unavailable')
    expect(await wait({ engine, clock: fakeClock() }, 'shop', 'web')).toMatchObject({
      status: 'failure',
      error: { code: 'docker_unavailable' },
    })
  })

  test('F25: time in which the engine was away counts neither against the containers nor for them', async () => {
    const clock = fakeClock()
    const engine = fakeEngine()
    const web = fakeContainer({ service: 'web', health: 'starting' })
    const away = Array.from({ length: 5 }, () => 'unavailable' as const)
    engine.show('shop', [web], ...away, [web], [{ ...web, health: 'healthy' }])
    const waiting = wait({ engine, clock, patience: 60_000, random: () => 0.5 }, 'shop', 'web')
    expect(await waiting).toMatchObject({ status: 'success' })
    // Longer than the whole `healthTimeout`.
    expect(clock.monotonic()).toBeGreaterThan(44_000)
    expect(waiting.lines).toEqual([
      ...[2, 4, 8, 15, 15].map(
        (pause) => `The Docker engine does not answer; trying again in ${pause} s, for 60 s at most`,
      ),
      'web is healthy',
    ])
    engine.show('shop', [web], ...away, [web])
    expect(await wait({ engine, clock, patience: 60_000 }, 'shop', 'web')).toMatchObject({
      error: { message: 'web is still starting (health: starting) after 10 s' },
    })
  })

  test('F25: without patience an engine that is away fails the step at once', async () => {
    const engine = fakeEngine()
    engine.show('shop', 'unavailable')
    expect(await wait({ engine, clock: fakeClock(), patience: 0 }, 'shop', 'web')).toMatchObject({
      error: { code: 'docker_unavailable' },
    })
    expect(engine.calls).toHaveLength(1)
  })

  test('F21: what never settles fails when time is up', async () => {
    const engine = fakeEngine()
    engine.show('shop', [fakeContainer({ service: 'web', health: 'starting' })])
    expect(await wait({ engine, clock: fakeClock() }, 'shop', 'web')).toMatchObject({
      error: { message: 'web is still starting (health: starting) after 10 s' },
    })
    expect(engine.calls.filter((call) => call === 'containers shop')).toHaveLength(10_000 / 250 + 1)
  })

  test('all that failed are named, each with its own lines', async () => {
    const engine = fakeEngine()
    const ended = { state: 'exited', exitCode: 1 } as const
    engine.show('shop', [
      fakeContainer({ service: 'web', ...ended }),
      fakeContainer({ service: 'api', ...ended }),
    ])
    engine.write('web', 'no config')
    expect(await wait({ engine, clock: fakeClock() }, 'shop', 'web', 'api')).toMatchObject({
      error: {
        message: 'web exited with code 1; api exited with code 1',
        output: ['Last lines of web-1 (exited):', '  no config', 'api-1 (exited) wrote nothing'],
      },
    })
  })

  test('a log that cannot be read does not hide what failed', async () => {
    const engine = fakeEngine()
    engine.show('shop', [fakeContainer({ service: 'web', state: 'exited', exitCode: 1 })], [])
    expect(await wait({ engine, clock: fakeClock() }, 'shop', 'web')).toMatchObject({
      error: {
        code: 'unhealthy',
        output: [expect.stringMatching(/^The log of web-1 \(exited\) cannot be read: .*no such/) as string],
      },
    })
  })

  test('a service is told once, when it is up', async () => {
    const engine = fakeEngine()
    const web = fakeContainer({ service: 'web' })
    const db = (health: 'starting' | 'healthy') => fakeContainer({ service: 'db', health })
    engine.show('shop', [web, db('starting')], [web, db('starting')], [web, db('healthy')])
    const waiting = wait({ engine, clock: fakeClock() }, 'shop', 'web', 'db')
    expect((await waiting).status).toBe('success')
    expect(waiting.lines).toEqual(['web is up', 'db is healthy'])
  })

  test('time that a slow engine takes does not count as standing still', async () => {
    const clock = fakeClock()
    const engine = fakeEngine()
    const web = fakeContainer({ service: 'web', startedAt: clock.now().toISOString(), restartCount: 1 })
    engine.show('shop', [web])
    const slow = {
      ...engine,
      containers: (project: string) => {
        if (engine.calls.length === 0) clock.advance(5_000)
        return engine.containers(project)
      },
    }
    expect((await wait({ engine: slow, clock }, 'shop', 'web')).status).toBe('success')
    expect(engine.calls).toHaveLength(rollout.settle / 250 + 1)
  })

  test('ends at once when it is cancelled', async () => {
    const engine = fakeEngine()
    engine.show('shop', [fakeContainer({ service: 'web', health: 'starting' })])
    const controller = new AbortController()
    const waiting = wait({ engine, signal: controller.signal }, 'shop', 'web')
    await expect.poll(() => engine.calls.length).toBeGreaterThan(0)
    controller.abort(new Error('enough'))
    expect(await waiting).toMatchObject({ status: 'cancelled', error: { message: 'enough' } })
  })
})

describe('with the real engine', () => {
  let project: string
  beforeEach(() => {
    project = newProject()
  })
  afterEach(() => removeContainers(project))

  test('a server, a healthy one and a job that is done are up', async () => {
    await runContainer(project, 'web', 'sleep 1000')
    await runContainer(project, 'db', 'sleep 1000', '--health-cmd', 'true', '--health-interval', '300ms')
    await runContainer(project, 'migrate', 'exit 0')
    const waiting = wait({}, project, 'web', 'db', 'migrate')
    expect((await waiting).status).toBe('success')
    expect([...waiting.lines].toSorted()).toEqual(['db is healthy', 'migrate is done', 'web is up'])
  })

  test('a job that ends well at its second try is done', async () => {
    const script = 'test -e /tried && exit 0; touch /tried; exit 1'
    await runContainer(project, 'migrate', script, '--restart', 'on-failure')
    const waiting = wait({}, project, 'migrate')
    expect((await waiting).status).toBe('success')
    expect(waiting.lines).toEqual(['migrate is done'])
  })

  test('of a long log the last 20 lines are shown', async () => {
    await runContainer(project, 'web', 'seq 1 100; exit 3')
    expect(await wait({}, project, 'web')).toMatchObject({
      error: {
        message: 'web exited with code 3',
        output: [
          expect.stringContaining('Last lines of') as string,
          ...Array.from({ length: 20 }, (_, index) => `  ${index + 81}`),
        ],
      },
    })
  })

  test.each<[string, string, readonly string[], RegExp, string]>([
    [
      'F20: a service that exits with an error',
      'echo no config >&2; exit 3',
      [],
      /^web exited with code 3$/,
      '  no config',
    ],
    [
      'F20: a service that crashes again and again, though it is restarted always,',
      'echo again; exit 1',
      ['--restart', 'always'],
      /^web was restarted \d+ times(, last exit code 1)?$/,
      '  again',
    ],
    [
      'F20: a service that crashes after a short life',
      'echo up; sleep 0.4; exit 1',
      ['--restart', 'unless-stopped'],
      /^web was restarted \d+ times(, last exit code 1)?$/,
      '  up',
    ],
    [
      'F20: a service that gives up after its last try',
      'echo again; exit 2',
      ['--restart', 'on-failure:1'],
      /^web exited with code 2 and was not restarted$/,
      '  again',
    ],
    [
      'F21: a service that is unhealthy',
      'echo up; sleep 1000',
      ['--health-cmd', 'false', '--health-interval', '200ms', '--health-retries', '2'],
      /^web is unhealthy$/,
      '  up',
    ],
    [
      'F20: a service that ends though it publishes a port',
      'echo bye; exit 0',
      ['--publish', '127.0.0.1::8080'],
      /^web exited with code 0, though it publishes a port$/,
      '  bye',
    ],
  ])('%s fails, with its lines', async (_, script, options, message, line) => {
    await runContainer(project, 'web', script, ...options)
    const outcome = await wait({}, project, 'web')
    expect(outcome).toMatchObject({
      status: 'failure',
      error: { code: 'unhealthy', message: expect.stringMatching(message) as string },
    })
    expect((outcome as { error: { output: string[] } }).error.output).toContain(line)
  })
})
