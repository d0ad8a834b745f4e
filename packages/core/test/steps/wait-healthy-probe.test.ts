import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import type { Project, Service } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { waitHealthy, type WaitHealthyOptions } from '../../src/steps/wait-healthy.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeProbe } from '../../src/testing/fake-probe.ts'
import { createContainer, newProject, removeContainers, runContainer } from '../support/docker.ts'

interface Wanted extends WaitHealthyOptions {
  readonly project?: string
  readonly url: string
  readonly services?: readonly Service[]
  readonly rollout?: { readonly settle?: number; readonly healthTimeout?: number }
}

const web: Service = { name: 'web', replicas: 1 }

async function wait({ project: name = 'shop', url, services = [web], rollout, ...options }: Wanted) {
  const app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    path: '/srv/shop',
    rollout: { settle: 500, healthTimeout: 3_000, ...rollout, probe: url },
  })
  const project: Project = { name, directory: '/srv', files: [], envFiles: [], profiles: [], environment: {} }
  const lines: string[] = []
  const write = (line: string): void => void lines.push(line)
  const outcome: Outcome<object> = await pipeline<{
    app: typeof app
    project: Project
    services: readonly Service[]
  }>()
    .use(waitHealthy(options))
    .run({ app, project, services }, { log: { debug() {}, info: write, warn: write, error: write } })
  const error = 'error' in outcome ? (outcome.error as Error & { output: string[]; hint: string }) : undefined
  return { outcome, lines, error }
}

describe('with doubles', () => {
  const doubles = () => ({ engine: fakeEngine(), clock: fakeClock(), files: fakeFiles(), probe: fakeProbe() })
  const url = 'http://web:8080/healthz'
  const replica = (id: string, address: string) =>
    fakeContainer({ service: 'web', id, name: `shop-${id}`, addresses: [address] })

  test('asks once all is up, and again until it is answered', async () => {
    const { engine, probe, ...rest } = doubles()
    const there = replica('web-1', '172.18.0.2')
    engine.show('shop', [{ ...there, health: 'starting' }], [{ ...there, health: 'healthy' }])
    probe.answer('172.18.0.2:8080', 503, 200)
    const { outcome, lines } = await wait({ ...rest, engine, probe, url })
    expect(outcome.status).toBe('success')
    expect(probe.calls).toEqual(['http 172.18.0.2:8080/healthz', 'http 172.18.0.2:8080/healthz'])
    expect(engine.calls).toHaveLength(3)
    expect(lines).toEqual(['web is healthy', `web answers ${url}: HTTP 200`])
  })

  test('every replica has to answer', async () => {
    const { engine, probe, ...rest } = doubles()
    engine.show('shop', [replica('web-1', '172.18.0.2'), replica('web-2', '172.18.0.3')])
    engine.write('web-2', 'still loading')
    probe.answer('172.18.0.2:8080', 200)
    probe.answer('172.18.0.3:8080', 500)
    const services = [{ name: 'web', replicas: 2 }]
    const { error } = await wait({ ...rest, engine, probe, url, services })
    expect(error).toMatchObject({
      code: 'unhealthy',
      message: `shop-web-2, one of 2 of web, did not answer ${url} within 3 s of being up; last asked at 172.18.0.3:8080: HTTP 500`,
      output: ['Last lines of shop-web-2 (running):', '  still loading'],
    })
    expect(rest.clock.monotonic()).toBe(3_000)
  })

  test('a crash ends it at once, though the probe has time left', async () => {
    const { engine, probe, ...rest } = doubles()
    const there = replica('web-1', '172.18.0.2')
    engine.show('shop', [there], [there], [{ ...there, state: 'exited', exitCode: 3 }])
    const { error } = await wait({ ...rest, engine, probe, url })
    expect(error?.message).toBe('web exited with code 3')
    expect(rest.clock.monotonic()).toBe(500)
  })

  test('without a way to the container it fails at once, saying what would help', async () => {
    const { engine, ...rest } = doubles()
    engine.show('shop', [fakeContainer({ service: 'web' })])
    const { error } = await wait({ ...rest, engine, url })
    expect(error?.message).toBe(`${url} cannot be asked: there is no way to web-1 from here`)
    expect(error?.hint).toContain('publish port 8080')
    expect(rest.clock.monotonic()).toBe(0)
  })

  test('a published port answers where the network of the engine does not', async () => {
    const { engine, probe, ...rest } = doubles()
    const ports = [{ port: 8080, publishedAt: '0.0.0.0', publishedPort: 32_768 }]
    engine.show('shop', [{ ...replica('web-1', '172.18.0.2'), ports }])
    probe.answer('172.18.0.2:8080', 'silent')
    probe.answer('127.0.0.1:32768', 204)
    expect((await wait({ ...rest, engine, probe, url })).outcome.status).toBe('success')
    expect(probe.calls).toEqual(['http 172.18.0.2:8080/healthz', 'http 127.0.0.1:32768/healthz'])
  })
})

describe('with the real engine', () => {
  let project: string
  beforeEach(() => {
    project = newProject()
  })
  afterEach(() => removeContainers(project))
  const start = (script: string, ...options: readonly string[]) =>
    runContainer(project, 'web', script, ...options)
  const httpd = 'mkdir -p /w && echo hello >/w/healthz && exec busybox httpd -f -p 8080 -h /w'
  const real = { compose: composeCli() }

  test('http: 200 on the container address, from an app that begins to listen late', async () => {
    await start(`sleep 1; ${httpd}`)
    const { outcome, lines } = await wait({ ...real, project, url: 'http://web:8080/healthz' })
    expect(outcome.status).toBe('success')
    expect(lines.at(-1)).toBe('web answers http://web:8080/healthz: HTTP 200 OK')
  })

  test('http: another status fails, with the last answer and the last lines', async () => {
    await start(`echo begin; ${httpd}`)
    const { error } = await wait({
      ...real,
      project,
      url: 'http://web:8080/missing',
      rollout: { healthTimeout: 1_000 },
    })
    expect(error?.message).toMatch(
      /^web did not answer http:\/\/web:8080\/missing within 1 s of being up; last asked at [\d.]+:8080: HTTP 404 Not Found$/,
    )
    expect(error?.output).toContain('  begin')
  })

  test('http: nobody listens', async () => {
    await start('sleep 1000')
    const { error } = await wait({
      ...real,
      project,
      url: 'http://web:8080/',
      rollout: { healthTimeout: 1_000 },
    })
    expect(error?.message).toMatch(/last asked at [\d.]+:8080: connection refused$/)
  })

  test('tcp: nobody listens, though a published port takes connections', async () => {
    await start('sleep 1000', '--publish', '127.0.0.1::8080')
    const { error } = await wait({
      ...real,
      project,
      url: 'tcp://web:8080',
      rollout: { healthTimeout: 1_000 },
    })
    expect(error?.message).toMatch(
      /last asked at [\d.]+:8080: connection refused, 127\.0\.0\.1:\d+ \(its published port\): the connection was closed/,
    )
  })

  test('tcp: what listens is enough', async () => {
    await start(httpd)
    expect((await wait({ ...real, project, url: 'tcp://web:8080' })).lines.at(-1)).toBe(
      'web answers tcp://web:8080: connected',
    )
  })

  test("http: a container on the host's own network", async () => {
    // A port that no other process of these tests takes.
    const port = 20_000 + (process.pid % 10_000)
    await start(httpd.replace('8080', String(port)), '--network', 'host')
    expect((await wait({ ...real, project, url: `http://web:${port}/healthz` })).outcome.status).toBe(
      'success',
    )
  })

  test('F21: a time that was chosen is a deadline, however long the start period', async () => {
    const health = ['--health-start-period', '20s', '--health-interval', '300ms', '--health-retries', '1']
    await start(`sleep 2.5; ${httpd}`, ...health, '--health-cmd', 'test -e /w/healthz')
    const { outcome } = await wait({
      ...real,
      project,
      url: 'tcp://web:8080',
      rollout: { healthTimeout: 1_000 },
    })
    expect(outcome).toMatchObject({
      status: 'failure',
      error: { message: 'web is still starting (health: starting) after 1 s' },
    })
  })

  test('unhealthy: what the healthcheck said stands before the lines', async () => {
    const health = ['--health-interval', '200ms', '--health-retries', '1']
    await start('echo up; sleep 1000', ...health, '--health-cmd', 'echo no database; exit 1')
    const { error } = await wait({ ...real, project, url: 'tcp://web:8080' })
    expect(error).toMatchObject({
      code: 'unhealthy',
      message: 'web is unhealthy',
      output: [
        expect.stringMatching(/^The healthcheck of .* said:$/) as string,
        '  no database',
        expect.stringMatching(/^Last lines of .* \(running\):$/) as string,
        '  up',
      ],
    })
  })

  test('a failed dependency is told with what it kept from starting', async () => {
    await runContainer(project, 'db', 'echo no disk; exit 4')
    await createContainer(project, 'web')
    const dependsOn = [
      { service: 'db', condition: 'service_completed_successfully', restart: false, shares: false } as const,
    ]
    const services = [
      { name: 'db', replicas: 1 },
      { ...web, dependsOn },
    ]
    const { error } = await wait({ ...real, project, services, url: 'tcp://web:8080' })
    expect(error?.message).toBe('db exited with code 4; web was not started, as it depends on db')
    expect(error?.output).toContain('  no disk')
  })
})
