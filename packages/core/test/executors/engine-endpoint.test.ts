import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { engineEndpoint } from '../../src/executors/engine-endpoint.ts'
import { docker } from '../support/docker.ts'

let home: string
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'fairway-endpoint-')))
})
afterEach(() => rm(home, { recursive: true }))

test('one engine has one name, whichever way it is reached', async () => {
  const plain = await engineEndpoint({ HOME: home })
  expect(plain).toMatch(/^unix:\/\/\/.*docker\.sock$/)
  for (const DOCKER_HOST of ['unix:///run/docker.sock', 'unix:///var/run/docker.sock', 'unix://', '']) {
    expect(await engineEndpoint({ HOME: home, DOCKER_HOST })).toBe(plain)
  }
})

test('a socket that is a link is the one it leads to, and keeps its name while the engine is down', async () => {
  await mkdir(join(home, 'real'))
  await symlink(join(home, 'real'), join(home, 'link'))
  const real = `unix://${home}/real/docker.sock`
  const reach = (path: string) => engineEndpoint({ DOCKER_HOST: `unix://${join(home, path)}` })
  expect(await reach('link/docker.sock')).toBe(real)
  await writeFile(join(home, 'real/docker.sock'), '')
  await symlink(join(home, 'real/docker.sock'), join(home, 'other.sock'))
  expect(await reach('link/docker.sock')).toBe(real)
  expect(await reach('other.sock')).toBe(real)
})

test('other addresses stay as they are', async () => {
  expect(await engineEndpoint({ DOCKER_HOST: 'tcp://10.0.0.1:2375' })).toBe('tcp://10.0.0.1:2375')
  expect(await engineEndpoint({ DOCKER_HOST: 'ssh://deploy@host' })).toBe('ssh://deploy@host')
})

test('a docker context is followed: the one in the configuration, before it DOCKER_CONTEXT, before both DOCKER_HOST', async () => {
  const create = (name: string) =>
    docker('--config', home, 'context', 'create', name, '--docker', `host=tcp://${name}:2375`)
  await create('first')
  await create('second')
  const PATH = process.env['PATH']
  const given = { PATH, HOME: '/nonexistent', DOCKER_CONFIG: home }
  const plain = await engineEndpoint({ HOME: '/nonexistent' })
  expect(await engineEndpoint(given)).toBe(plain)

  await docker('--config', home, 'context', 'use', 'first')
  expect(await engineEndpoint(given)).toBe('tcp://first:2375')
  expect(await engineEndpoint({ ...given, DOCKER_CONTEXT: 'second' })).toBe('tcp://second:2375')
  expect(await engineEndpoint({ ...given, DOCKER_CONTEXT: 'default' })).toBe(plain)
  expect(await engineEndpoint({ ...given, DOCKER_CONTEXT: 'second', DOCKER_HOST: 'tcp://third:1' })).toBe(
    'tcp://third:1',
  )
})

test('a context that docker does not know is said, with what to do', async () => {
  await writeFile(join(home, 'config.json'), '{"currentContext":"gone"}')
  await expect(engineEndpoint({ PATH: process.env['PATH'], DOCKER_CONFIG: home })).rejects.toMatchObject({
    code: 'docker_unavailable',
    message: 'Cannot use the docker context gone: docker refuses it',
    hint: expect.stringContaining('docker context ls') as string,
  })
})

test('a configuration that is no JSON selects nothing', async () => {
  await writeFile(join(home, 'config.json'), 'not JSON')
  expect(await engineEndpoint({ DOCKER_CONFIG: home })).toBe(await engineEndpoint({ HOME: '/nonexistent' }))
})
