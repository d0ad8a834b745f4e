import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Action, Plan } from '../../src/domain/plan.ts'
import type { Project, Service } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { refuseUnknownServices } from '../../src/project/refuse-unknown-services.ts'
import { migrate, type MigrateOptions } from '../../src/steps/migrate.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'
import { docker, newProject, removeContainers } from '../support/docker.ts'

interface Tried extends MigrateOptions {
  readonly project: Project
  readonly services: readonly Service[]
  readonly plan?: Plan
  readonly timeouts?: Partial<App['timeouts']>
  readonly service?: string
  readonly signal?: AbortSignal
  readonly output?: (line: string) => void
}

async function run({
  project,
  services,
  plan,
  timeouts,
  service = 'migrate',
  signal,
  output,
  ...options
}: Tried) {
  const app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    path: project.directory,
    rollout: { settle: 0, healthTimeout: 20_000 },
    migrate: { service },
    ...(timeouts ? { timeouts } : {}),
  })
  const outcome: Outcome<object> = await pipeline<{
    app: App
    project: Project
    services: readonly Service[]
    plan?: Plan
  }>()
    .use(migrate(options))
    .run(
      { app, project, services, ...(plan ? { plan } : {}) },
      { observe: (event) => event.type === 'output' && output?.(event.line), ...(signal ? { signal } : {}) },
    )
  const error = 'error' in outcome ? (outcome.error as Error & { code: string; output: string[] }) : undefined
  return { status: outcome.status, error }
}

function projectIn(directory: string, name: string): Project {
  return {
    name,
    directory,
    files: [join(directory, 'compose.yaml')],
    envFiles: [],
    profiles: [],
    environment: {},
  }
}

describe('with doubles', () => {
  const needs = (service: string) =>
    ({ service, condition: 'service_started', restart: false, shares: false }) as const
  const services: readonly Service[] = [
    { name: 'db', replicas: 1 },
    { name: 'migrate', replicas: 1, dependsOn: [needs('db')] },
    { name: 'web', replicas: 1, dependsOn: [needs('db')] },
  ]
  const project = projectIn('/srv/shop', 'shop')
  const doubles = () => ({ compose: fakeCompose({ services }), engine: fakeEngine(), clock: fakeClock() })
  const plan = (action: Action): Plan => ({
    app: 'shop',
    commit: 'a'.repeat(40),
    services: [
      { service: 'web', action: 'keep', because: [] },
      { service: 'migrate', action, because: [] },
    ],
  })

  test('what it depends on is left as it runs', async () => {
    const { compose, engine, clock } = doubles()
    engine.show('shop', [fakeContainer({ service: 'db' })])
    expect((await run({ compose, engine, clock, project, services })).status).toBe('success')
    expect(compose.calls).toEqual(['run shop migrate'])
  })

  test('what it depends on and does not run is brought up first, and must be up', async () => {
    const { compose, engine, clock } = doubles()
    engine.show('shop', [], [fakeContainer({ service: 'db' })])
    expect((await run({ compose, engine, clock, project, services })).status).toBe('success')
    expect(compose.calls).toEqual(['up shop db', 'run shop migrate'])
    engine.show('shop', [fakeContainer({ service: 'db', state: 'exited', exitCode: 1 })])
    const { error } = await run({ compose, engine, clock, project, services })
    expect(error).toMatchObject({ code: 'unhealthy', message: 'db exited with code 1' })
    expect(compose.calls.slice(2)).toEqual(['up shop db'])
  })

  test('runs where the plan says so, and not where that keeps it', async () => {
    for (const action of ['build', 'pull', 'start'] as const) {
      const { compose, ...rest } = doubles()
      rest.engine.show('shop', [fakeContainer({ service: 'db' })])
      await run({ compose, ...rest, project, services, plan: plan(action) })
      expect(compose.calls).toEqual(['run shop migrate'])
    }
    const { compose, ...rest } = doubles()
    await run({ compose, ...rest, project, services, plan: plan('keep') })
    expect(compose.calls).toEqual([])
    expect(rest.engine.calls).toEqual([])
  })

  test('an app without one runs nothing', async () => {
    const { compose, ...rest } = doubles()
    const app = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop' })
    await pipeline<{ app: App; project: Project; services: readonly Service[] }>()
      .use(migrate({ compose, ...rest }))
      .run({ app, project, services })
    expect(compose.calls).toEqual([])
  })

  test('a service that the project does not have is refused, naming those that it has', () => {
    const app = defineApp({
      name: 'shop',
      repository: 'acme/shop',
      path: '/srv/shop',
      migrate: { service: 'migrat' },
    })
    const refused = {
      code: 'compose_invalid',
      hint: expect.stringContaining('It has db, migrate, web') as string,
    }
    expect(() => refuseUnknownServices(app, project, services)).toThrow(
      expect.objectContaining({
        ...refused,
        message:
          'Cannot deploy shop: `migrate.service` names the service migrat, which compose.yaml does not have',
      }) as Error,
    )
    const probed = defineApp({ ...app, migrate: { service: 'migrate' }, rollout: { probe: 'tcp://cache:1' } })
    expect(() => refuseUnknownServices(probed, project, services)).toThrow(
      /`rollout\.probe` names the service cache/,
    )
  })
})

describe('with the real Compose', () => {
  let directory: string
  let project: Project
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-migrate-')))
    mkdirSync(join(directory, 'data'))
    project = projectIn(directory, newProject())
  })
  afterEach(async () => {
    await removeContainers(project.name)
    await docker('network', 'rm', '--force', `${project.name}_default`)
    rmSync(directory, { recursive: true, force: true })
  })
  const compose = composeCli()

  /** The project with a database that answers, an app of this version, and this migration. */
  function define(script: string, version = 1, more = ''): void {
    const once = JSON.stringify(['sh', '-c', script])
    writeFileSync(
      join(directory, 'compose.yaml'),
      `services:
  db:
    image: local/busybox:latest
    init: true
    command: [sh, -c, "mkdir -p /w && echo ${version} >/w/index.html && exec busybox httpd -f -p 8080 -h /w"]
  migrate:
    image: local/busybox:latest
    command: ${once}
    depends_on: [db]
    volumes: ["./data:/data"]
${more}  web:
    image: local/busybox:latest
    init: true
    command: [sleep, "100${version}"]
    depends_on: { migrate: { condition: service_completed_successfully } }
`,
    )
  }
  const attempt = async (changes: Partial<Tried> = {}) =>
    run({ compose, project, services: await compose.services(project), ...changes })
  const containers = async (): Promise<readonly string[]> => {
    const format = '{{.Names}} {{.ID}}'
    const filter = `label=com.docker.compose.project=${project.name}`
    const listed = await docker('ps', '--all', '--no-trunc', '--filter', filter, '--format', format)
    return listed.split('\n').filter(Boolean).toSorted()
  }
  const runs = (): string => readFileSync(join(directory, 'data', 'runs'), 'utf8')

  test('the first time its database is started, it runs once, its lines are told, and it leaves nothing', async () => {
    define('echo begin; busybox wget -q -O - http://db:8080/ && echo ran >>/data/runs; echo end >&2')
    const lines: string[] = []
    expect(await attempt({ output: (line) => void lines.push(line) })).toMatchObject({ status: 'success' })
    expect(lines).toEqual(expect.arrayContaining(['begin', '1', 'end']))
    expect(runs()).toBe('ran\n')
    expect((await containers()).map((line) => line.split(' ')[0])).toEqual([`${project.name}-db-1`])
  })

  test('one that fails leaves every container as it is, though the push changed them all', async () => {
    define('true')
    await attempt()
    await compose.up(project, { timeout: 60_000, services: ['db', 'web'] })
    const before = await containers()
    expect(before).toHaveLength(2)
    define('echo no such column >&2; exit 4', 2)
    const { error } = await attempt()
    expect(error).toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(
        /^The migration of shop by migrate failed: Cannot run migrate of project /,
      ) as string,
      hint: expect.stringContaining('What was deployed before still runs') as string,
    })
    expect(error?.output).toContain('no such column')
    expect(await containers()).toEqual(before)
  })

  test('the restart policy of its service does not run it twice', async () => {
    define('echo ran >>/data/runs', 1, '    restart: always\n')
    expect((await attempt()).status).toBe('success')
    expect(runs()).toBe('ran\n')
    expect((await containers()).map((line) => line.split(' ')[0])).toEqual([`${project.name}-db-1`])
  })

  test.each(['cancelled', 'out of time'])(
    'one that is %s is asked to end, and nothing of it is left',
    async (why) => {
      define("trap 'echo told >>/data/runs; exit 1' TERM; echo begin; while :; do sleep 0.1; done")
      await compose.up(project, { timeout: 60_000, services: ['db'] })
      const stop = new AbortController()
      const output = (line: string): void => {
        if (line === 'begin' && why === 'cancelled') stop.abort(new Error('enough'))
      }
      const { status, error } = await attempt({ output, signal: stop.signal, timeouts: { up: 3_000 } })
      expect([status, error?.code ?? error?.message]).toEqual(
        why === 'cancelled' ? ['cancelled', 'enough'] : ['failure', 'migration_failed'],
      )
      expect(runs()).toBe('told\n')
      await expect.poll(containers).toHaveLength(1)
    },
  )

  test('one that a killed process left is ended before the next', async () => {
    define('echo ran >>/data/runs')
    await compose.up(project, { timeout: 60_000, services: ['db'] })
    await docker(
      'run',
      '--detach',
      '--init',
      '--name',
      `${project.name}-migrate-once`,
      'local/busybox:latest',
      'sleep',
      '1000',
    )
    expect((await attempt()).status).toBe('success')
    expect(runs()).toBe('ran\n')
    expect(await docker('ps', '--all', '--quiet', '--filter', `name=${project.name}-migrate-once`)).toBe('')
  })

  test('a service called like an option of Compose is run all the same', async () => {
    writeFileSync(
      join(directory, 'compose.yaml'),
      'services: { "-v": { image: "local/busybox:latest", command: [echo, ran] } }\n',
    )
    const lines: string[] = []
    const { status, error } = await attempt({ service: '-v', output: (line) => void lines.push(line) })
    expect([status, error]).toEqual(['success', undefined])
    expect(lines).toContain('ran')
  })
})
