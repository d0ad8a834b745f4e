import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Rebuild } from '../../src/domain/rebuild.ts'
import { DeployError } from '../../src/errors.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { composeUp } from '../../src/steps/compose-up.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'
import { docker, newProject } from '../support/docker.ts'
import { commandLinesNaming } from '../support/remote-calls.ts'
import { type PrivateEngine, privateEngine } from '../support/private-engine.ts'
import { writeFiles } from '../support/repository.ts'

// The engine of this machine is others' too: here is one that may be killed and frozen.
let machine: PrivateEngine
beforeAll(async () => {
  machine = await privateEngine()
  await machine.start()
  const folder = mkdtempSync(join(tmpdir(), 'fairway-image-'))
  await docker('save', '--output', join(folder, 'busybox'), 'local/busybox:latest')
  await machine.docker('load', '--quiet', '--input', join(folder, 'busybox'))
  rmSync(folder, { recursive: true })
}, 120_000)
afterAll(() => machine.close(), 60_000)

/** Seconds that no other sleep on this machine is told. */
const seconds = 3 + process.pid / 1e7

let path: string
let name: string
beforeEach(() => {
  path = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-outage-')))
  name = newProject()
})
afterEach(async () => {
  await machine.start()
  await machine.docker('compose', '--project-name', name, 'down', '--timeout', '0')
  rmSync(path, { recursive: true, force: true })
})

/** A service that needs a while to be built and to be stopped. */
function write(version: number): void {
  const service = {
    build: { context: '.', network: 'none' },
    network_mode: 'none',
    command: ['sh', '-c', "trap '' TERM; while :; do sleep 1; done"],
    stop_grace_period: '3s',
    environment: { VERSION: version },
  }
  writeFiles(path, {
    'compose.yaml': JSON.stringify({ services: { web: service } }),
    Dockerfile: `FROM local/busybox:latest\nRUN echo ${name} ${version}; sleep ${seconds}\n`,
  })
}

interface Deploying {
  readonly patience: number
  readonly needed?: boolean
  readonly signal?: AbortSignal
  readonly up?: number
}

function deploy({ patience, needed = true, signal, up = 60_000 }: Deploying) {
  const lines: string[] = []
  const tell = (line: string): void => void lines.push(line)
  const app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    path,
    project: name,
    timeouts: { up },
    rollout: { settle: 500 },
  })
  const { environment } = machine
  const engine = dockerEngine({ environment, timeout: 1_000 })
  const rebuild: Rebuild = { needed, services: needed ? ['web'] : [], because: [], reasons: {}, builds: {} }
  const options = { engine, patience, random: () => 0 }
  const outcome: Promise<Outcome<object>> = pipeline<{ app: App; rebuild: Rebuild }>()
    .use(composeUp({ compose: composeCli({ environment }), git: fakeGit(), locks: fakeLocks(), ...options }))
    .use(waitHealthy(options))
    .run(
      { app, rebuild },
      {
        log: { debug() {}, info: tell, warn: tell, error: tell },
        ...(signal ? { signal } : {}),
      },
    )
  return { outcome, lines }
}

const version = async (): Promise<string> =>
  machine.docker('exec', `${name}-web-1`, 'sh', '-c', 'echo $VERSION')
const names = async (): Promise<readonly string[]> =>
  (await machine.docker('ps', '--all', '--format', '{{.Names}}')).split('\n').filter(Boolean)
const waiting = /does not answer.*; trying again in \d+ s, for 60 s at most$/

describe('F25: an engine that is killed', () => {
  test('before a deploy is waited for', async () => {
    write(1)
    await machine.signal('SIGKILL')
    const { outcome, lines } = deploy({ patience: 60_000 })
    await expect.poll(() => lines, { timeout: 20_000 }).toContainEqual(expect.stringMatching(waiting))
    await machine.start()
    expect(await outcome).toMatchObject({ status: 'success' })
    expect(await version()).toBe('1')
  })

  test('during a build is waited for, and the build done again', async () => {
    write(2)
    const { outcome, lines } = deploy({ patience: 60_000 })
    await expect.poll(() => commandLinesNaming(`sleep ${seconds}`), { timeout: 20_000 }).not.toEqual([])
    await machine.signal('SIGKILL')
    await expect.poll(() => lines, { timeout: 20_000 }).toContainEqual(expect.stringMatching(waiting))
    await machine.start()
    expect(await outcome).toMatchObject({ status: 'success' })
    expect(await version()).toBe('2')
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'by %s during a recreate is waited for, and what that left is cleared up',
    async (signal) => {
      write(3)
      expect(await deploy({ patience: 0 }).outcome).toMatchObject({ status: 'success' })
      write(4)
      const { outcome, lines } = deploy({ patience: 60_000, needed: false })
      await expect.poll(names, { timeout: 20_000, interval: 100 }).toHaveLength(2)
      await machine.signal(signal)
      await expect.poll(() => lines, { timeout: 20_000 }).toContainEqual(expect.stringMatching(waiting))
      await machine.start()
      expect(await outcome).toMatchObject({ status: 'success' })
      expect(lines).toContainEqual(expect.stringMatching(/[0-9a-f]{12}_.* was removed$/))
      expect([await names(), await version()]).toEqual([[`${name}-web-1`], '4'])
    },
  )

  test('and stays away fails the deploy, at once or when patience is over, and by cancelling', async () => {
    write(5)
    await machine.signal('SIGKILL')
    expect(await deploy({ patience: 0 }).outcome).toMatchObject({
      status: 'failure',
      step: 'composeUp',
      error: { code: 'docker_unavailable' },
    })
    const { outcome, lines } = deploy({ patience: 4_000, needed: false })
    expect(await outcome).toMatchObject({ status: 'failure', error: { code: 'docker_unavailable' } })
    expect(lines.filter((line) => line.includes('trying again'))).toHaveLength(1)
    const cancelling = new AbortController()
    const cancelled = deploy({ patience: 60_000, needed: false, signal: cancelling.signal })
    await expect.poll(() => cancelled.lines).toContainEqual(expect.stringMatching(waiting))
    cancelling.abort(new DeployError('cancelled', 'enough'))
    expect(await cancelled.outcome).toMatchObject({ status: 'cancelled', error: { message: 'enough' } })
  })
})

describe('F25: an engine that is frozen', () => {
  afterEach(() => machine.signal('SIGCONT'))

  test('before a deploy fails it in words', async () => {
    write(6)
    await machine.signal('SIGSTOP')
    expect(await deploy({ patience: 0, needed: false }).outcome).toMatchObject({
      error: {
        code: 'docker_unavailable',
        message: 'The Docker engine does not answer: it took the question and said nothing for 1 s',
      },
    })
  })

  test('during a recreate fails it by the deadline of `up`, and thawed in time it goes on', async () => {
    write(7)
    expect(await deploy({ patience: 0 }).outcome).toMatchObject({ status: 'success' })
    write(8)
    const frozen = deploy({ patience: 0, needed: false, up: 4_000 })
    await expect.poll(names, { timeout: 20_000, interval: 100 }).toHaveLength(2)
    await machine.signal('SIGSTOP')
    expect(await frozen.outcome).toMatchObject({
      error: {
        code: 'docker_unavailable',
        message: expect.stringMatching(
          /did not end within 4 s .*; The Docker engine does not answer/,
        ) as string,
      },
    })
    const thawed = deploy({ patience: 60_000, needed: false })
    await expect.poll(() => thawed.lines, { timeout: 20_000 }).toContainEqual(expect.stringMatching(waiting))
    await machine.signal('SIGCONT')
    expect(await thawed.outcome).toMatchObject({ status: 'success' })
    expect([await names(), await version()]).toEqual([[`${name}-web-1`], '8'])
  })
})
