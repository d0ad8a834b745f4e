import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Project } from '../../src/domain/project.ts'
import type { Rebuild } from '../../src/domain/rebuild.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import type { Engine } from '../../src/executors/engine.ts'
import { pipeline } from '../../src/pipeline.ts'
import { trackChildren } from '../../src/run.ts'
import { composeUp } from '../../src/steps/compose-up.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'
import { docker, newProject } from '../support/docker.ts'
import { writeFiles } from '../support/repository.ts'

const trials = Number(process.env['FAIRWAY_TRIALS'] ?? 2)

let path: string
let project: Project
beforeEach(() => {
  path = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-recreate-')))
  project = {
    name: newProject(),
    directory: path,
    files: [join(path, 'compose.yaml')],
    envFiles: [],
    profiles: [],
    environment: {},
  }
})
afterEach(async () => {
  const ids = (await docker('ps', '--all', '--quiet', '--filter', label())).split('\n')
  const volumes = await docker('inspect', '--format', '{{range .Mounts}}{{.Name}}{{end}}', ...ids)
  await docker('compose', '--project-name', project.name, 'down', '--timeout', '0')
  // Compose takes away no volume that a container took over from another.
  await docker('volume', 'rm', ...new Set(volumes.split('\n')))
  rmSync(path, { recursive: true, force: true })
})

/** A service that takes four seconds to stop, with data in a volume that has no name. */
function write(version: number): void {
  const service = {
    image: 'local/busybox:latest',
    command: ['sh', '-c', "trap '' TERM; while :; do sleep 1; done"],
    stop_grace_period: '4s',
    environment: { VERSION: version },
    volumes: ['/data'],
  }
  writeFiles(path, { 'compose.yaml': JSON.stringify({ services: { web: service } }) })
}

async function deploy(engine?: Engine): Promise<readonly string[]> {
  const lines: string[] = []
  const tell = (line: string): void => void lines.push(line)
  const rollout = { settle: 500 }
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path, project: project.name, rollout })
  const rebuild: Rebuild = { needed: false, services: [], because: [], reasons: {}, builds: {} }
  const outcome = await pipeline<{ app: App; rebuild: Rebuild }>()
    .use(composeUp({ git: fakeGit(), locks: fakeLocks(), ...(engine ? { engine } : {}) }))
    .use(waitHealthy())
    .run({ app, rebuild }, { log: { debug() {}, info: tell, warn: tell, error: tell } })
  expect(outcome).toMatchObject({ status: 'success' })
  return lines
}

/** Kills Compose, not the engine, some time after it began. */
async function killUp(after: number): Promise<void> {
  const children = trackChildren()
  let groups: readonly number[] = []
  children.watch((running) => (groups = running))
  const up = composeCli()
    .up(project, { timeout: 60_000 }, { children })
    .catch((error: unknown) => error)
  await Promise.race([up, delay(after)])
  for (const group of groups) process.kill(-group, 'SIGKILL')
  await up
}

const web = (): string => `${project.name}-web-1`
const label = (): string => `label=com.docker.compose.project=${project.name}`
const inWeb = (command: string): Promise<string> => docker('exec', web(), 'sh', '-c', command)

/** What is expected to be there in the end: this version, alone, with its data. */
async function expectServed(version: number): Promise<void> {
  const names = await docker('ps', '--all', '--filter', label(), '--format', '{{.Names}} {{.State}}')
  expect(names).toBe(`${web()} running`)
  expect(await inWeb('echo $VERSION; cat /data/kept')).toBe(`${version}\nkept`)
}

test(
  `F6: killed at ${trials} points of a recreate, the next deploy brings up what was to run, with its data`,
  { timeout: 60_000 + trials * 30_000 },
  async () => {
    write(0)
    await deploy()
    await inWeb('echo kept > /data/kept')
    for (let trial = 1; trial <= trials; trial += 1) {
      write(trial)
      await killUp(600 + (5_000 * (trial - 0.5)) / trials)
      await deploy(dockerEngine())
      await expectServed(trial)
    }
  },
)

/** Kills a recreate while the old container is being stopped, and waits until it is. */
async function leave(): Promise<string> {
  write(0)
  await deploy()
  await inWeb('echo kept > /data/kept')
  write(1)
  await killUp(2_000)
  const left = async (): Promise<string> =>
    docker('ps', '--all', '--filter', label(), '--filter', 'status=created', '--format', '{{.Names}}')
  await expect.poll(left).toMatch(new RegExp(`^[0-9a-f]{12}_${web()}$`))
  await docker('wait', web())
  return left()
}

test('F6: what is left is removed and told', async () => {
  const left = await leave()
  const lines = await deploy(dockerEngine())
  expect(lines).toContain(
    `shop: the container ${left}, which an interrupted deployment left and which never ran, was removed`,
  )
  await expectServed(1)
})

test('F6: where the old container is gone already, its replacement gets the name, and the data with it', async () => {
  const left = await leave()
  await docker('rm', web())
  const lines = await deploy(dockerEngine())
  expect(lines).toContain(
    `shop: the container ${left}, which an interrupted deployment left and which never ran, is called ${web()} now`,
  )
  await expectServed(1)
})

test('F6: without an engine it is healed all the same, though perhaps under a temporary name', async () => {
  await leave()
  await deploy()
  const running = await docker('ps', '--filter', label(), '--format', '{{.Names}}')
  expect(running).toMatch(new RegExp(`^([0-9a-f]{12}_)?${web()}$`))
  expect(await docker('exec', running, 'sh', '-c', 'echo $VERSION; cat /data/kept')).toBe('1\nkept')
})
