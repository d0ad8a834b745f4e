import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { trackChildren } from '../../src/run.ts'
import { docker, newProject } from '../support/docker.ts'
import { commandLinesNaming } from '../support/remote-calls.ts'
import { writeFiles } from '../support/repository.ts'

const compose = composeCli()

let directory: string
let project: Project
let images: string[]
beforeEach(() => {
  images = []
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-build-')))
  const files = [join(directory, 'compose.yaml')]
  project = { name: newProject(), directory, files, envFiles: [], profiles: [], environment: {} }
  const web = { build: '.', init: true, command: ['sleep', '1000'] }
  writeFiles(directory, { 'compose.yaml': JSON.stringify({ services: { web } }) })
})
afterEach(async () => {
  await docker('compose', '--project-name', project.name, 'down', '--timeout', '0')
  await docker('image', 'rm', '--force', ...images)
  rmSync(directory, { recursive: true, force: true })
})

const write = (command: string): void =>
  writeFiles(directory, { Dockerfile: `FROM local/busybox:latest\nRUN ${command}\n` })
async function built(): Promise<string> {
  const id = await docker('image', 'inspect', '--format', '{{.Id}}', `${project.name}-web`)
  if (!images.includes(id)) images.push(id)
  return id
}
const serving = (): Promise<string> =>
  docker('inspect', '--format', '{{.Id}} {{.State.Running}} {{.State.StartedAt}}', `${project.name}-web-1`)

test.each([
  ['F5', 'is killed by SIGKILL'],
  ['F5', 'is ended by SIGTERM'],
  ['F26', 'hangs until its deadline'],
] as const)('%s: a build that %s leaves what serves alone, and the next one works', async (_, how) => {
  write('true')
  const limit = { timeout: 60_000 }
  await compose.build(project, ['web'], limit)
  await compose.up(project, limit)
  const before = [await built(), await serving()]

  // Seconds that no other sleep on this machine is told.
  const seconds = `${2_000_000 + process.pid}.${how.length}`
  write(`sleep ${seconds}`)
  const children = trackChildren()
  let groups: readonly number[] = []
  children.watch((running) => (groups = running))
  const timeout = how === 'hangs until its deadline' ? 6_000 : 60_000
  const building = compose.build(project, ['web'], { timeout }, { children }).catch((error: unknown) => error)
  const sleeping = (): number => commandLinesNaming(seconds).length
  await expect.poll(sleeping, { timeout: 6_000, interval: 50 }).toBeGreaterThan(0)
  if (how !== 'hangs until its deadline') {
    for (const group of groups) process.kill(-group, how === 'is killed by SIGKILL' ? 'SIGKILL' : 'SIGTERM')
  }
  expect(await building).toMatchObject({ code: timeout === 60_000 ? 'compose_failed' : 'timeout' })
  expect([await built(), await serving()]).toEqual(before)
  await expect.poll(sleeping, { timeout: 10_000, interval: 100 }).toBe(0)

  write('echo next')
  await compose.build(project, ['web'], limit)
  expect(await built()).not.toBe(before[0])
  expect(await serving()).toBe(before[1])
})
