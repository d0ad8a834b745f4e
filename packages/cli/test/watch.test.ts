import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ending } from '@fairway/server'
import { expect, test } from 'vitest'
import { inProcess, secret } from './support.ts'
import { commit, journalFolder, next, served } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret, DOCKER_HOST: 'unix:///nonexistent.sock' }

test.each<[Ending['status'], number]>([
  ['success', 0],
  ['skipped', 0],
  ['failure', 1],
  ['cancelled', 1],
])('a deployment that the server ends as %s: exit code %i', async (status, expected) => {
  const folder = await served()
  const { directory, journal } = folder
  const command = inProcess(['deploy', 'shop', '--ref', 'v1', '--rebuild'], { directory, environment })
  const { deployment, push } = await next(folder)
  expect(push).toMatchObject({ ref: 'v1', repository: 'acme/shop', manual: { ref: 'v1', rebuild: true } })
  expect(deployment.reason).toMatch(/^asked for by /)
  await journal.started(deployment.id)
  await journal.ended(deployment.id, { status, reason: 'that is how it is', commit })
  const { exitCode, stdout, stderr } = await command
  expect([exitCode, stdout]).toEqual([expected, ''])
  expect(stderr).toContain(`of shop: ${status} after 0 s (commit c0ffee0): that is how it is`)
})

test('one that gave way to a newer one: the outcome of that', async () => {
  const folder = await served()
  const { directory, journal } = folder
  const older = inProcess(['deploy', 'shop'], { directory, environment })
  while ((await journal.deployments()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const newer = inProcess(['deploy', 'shop'], { directory, environment })
  while ((await journal.deployments()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  const { deployment } = await next(folder)
  await journal.started(deployment.id)
  await journal.ended(deployment.id, { status: 'failure', reason: 'web exited with 1', commit })
  const [one, other] = await Promise.all([older, newer])
  expect([one.exitCode, other.exitCode]).toEqual([1, 1])
  expect(one.stderr).toMatch(/of shop: superseded: superseded by .*\nDeployment \S{8} of shop: failure/)
})

test('a server that goes, and no engine to deploy with: exits 3, and the deployment waits for the next start', async () => {
  const folder = await served()
  const { directory, journal } = folder
  const command = inProcess(['deploy', 'shop'], { directory, environment })
  while ((await journal.deployments()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  await writeFile(join(directory, '.fairway', 'server.lock'), '')
  const { exitCode, stderr } = await command
  expect(exitCode).toBe(3)
  expect(stderr).toContain("waits for the server's next start. To end it: fairway cancel ")
  expect(stderr).toContain('The Docker engine does not answer')
  expect(await journal.deployments()).toMatchObject([{ status: 'queued' }])
})

test('without a server and without an engine nothing is asked for', async () => {
  const { directory, journal } = await journalFolder()
  const { exitCode } = await inProcess(['deploy', 'shop'], { directory, environment })
  expect(exitCode).toBe(3)
  expect(await journal.deployments()).toEqual([])
})
