import { beforeEach, expect, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { type FakeWorld, fakeWorld } from '../../src/testing/fake-world.ts'

const path = '/srv/shop'
const project: Project = {
  name: 'shop',
  directory: path,
  files: [`${path}/compose.yaml`],
  envFiles: [],
  profiles: [],
  environment: {},
}
const limit = { timeout: 1_000 }
const labels = (key: string) => ({ 'fairway.app': 'shop', 'fairway.build-key': key })

let world: FakeWorld
beforeEach(() => {
  world = fakeWorld({ path })
  commit('1')
  world.git.checkOut(path)
})

function commit(value: string): string {
  return world.git.commit('refs/heads/main', {
    'compose.yaml': `services:
  web: { build: ./web, depends_on: [db] }
  api: { build: ./web, image: own/api, environment: [V=${value}], volumes: ["./page:/page", data:/data] }
  db: { image: db }
volumes: { data: {} }
`,
  })
}

const ids = (): Record<string, string> =>
  Object.fromEntries(world.engine.shown('shop').map(({ service, id }) => [service, id]))

test('short forms of a Compose file mean what Compose makes of them', async () => {
  const services = Object.fromEntries((await world.compose.services(project)).map((one) => [one.name, one]))
  expect(services['web']?.build).toMatchObject({ context: `${path}/web`, dockerfile: 'Dockerfile' })
  expect(services['web']?.dependsOn).toMatchObject([{ service: 'db', condition: 'service_started' }])
  expect(services['api']).toMatchObject({ image: 'own/api', paths: [`${path}/page`] })
})

test('what is built has its names and its key, and the same key is the same image', async () => {
  const { compose, engine } = world
  await compose.build(project, ['web', 'api'], { ...limit, labels: { web: labels('k1'), api: labels('k1') } })
  expect(await engine.images({ app: 'shop', names: [] })).toMatchObject([
    { names: ['shop-web:latest'], buildKey: 'k1' },
    { names: ['own/api:latest'], buildKey: 'k1' },
  ])
  const build = { context: `${path}/web`, additionalContexts: [], digest: 'sha256:1' }
  const before = await engine.images({ app: 'none', names: ['shop-web'] })
  await engine.build({ service: 'web', build, names: ['shop-web'], labels: labels('k2') }, limit)
  expect(await engine.images({ app: 'none', names: ['shop-web'] })).toMatchObject([{ buildKey: 'k2' }])
  await engine.build({ service: 'web', build, names: ['shop-web'], labels: labels('k1') }, limit)
  expect(await engine.images({ app: 'none', names: ['shop-web'] })).toEqual(before)
})

test('a container is recreated when its image or its configuration differs, or when it must be', async () => {
  const { compose, engine, git } = world
  await compose.up(project, limit)
  const first = ids()
  await compose.up(project, limit)
  expect(ids()).toEqual(first)

  await compose.build(project, ['web'], limit)
  expect(await compose.wouldTouch(project, ['web', 'api', 'db'])).toEqual(['web'])
  await compose.up(project, { ...limit, services: ['web'] })
  expect(ids()).toEqual({ ...first, web: 'web-2' })

  const [api] = engine.shown('shop').filter(({ service }) => service === 'api')
  const next = commit('2')
  await git.fetch({ path, ...limit }, 'refs/heads/main')
  await git.moveTo({ path, ...limit }, 'main', next)
  await compose.up(project, limit)
  const [after] = engine.shown('shop').filter(({ service }) => service === 'api')
  expect(after?.configHash).not.toBe(api?.configHash)
  expect(ids()).toEqual({ ...first, web: 'web-2', api: 'api-2' })

  await compose.up(project, { ...limit, services: ['db', 'web'], force: true })
  expect(ids()).toEqual({ web: 'web-3', api: 'api-2', db: 'db-2' })
})

test('what depends on a recreated service is recreated along with it in the same call', async () => {
  const { compose, engine } = world
  await compose.up(project, limit)
  const [image] = await engine.images({ app: 'none', names: ['db'] })
  engine.store.add({ id: 'sha256:newer', names: ['db'], createdAt: image?.createdAt ?? '' })
  await compose.up(project, { ...limit, services: ['db'] })
  expect(ids()).toMatchObject({ db: 'db-2', web: 'web' })
  engine.store.add({ id: 'sha256:newest', names: ['db'], createdAt: image?.createdAt ?? '' })
  await compose.up(project, limit)
  expect(ids()).toMatchObject({ db: 'db-3', web: 'web-2', api: 'api' })
})

test('what is removed is gone, and a stopped container is started again as it is', async () => {
  const { compose, engine } = world
  await compose.up(project, limit)
  await engine.removeContainers([ids()['db'] ?? ''])
  expect(Object.keys(ids())).toEqual(['web', 'api'])
  expect(await compose.wouldTouch(project, ['db', 'api'])).toEqual(['db'])
  const stopped = engine.shown('shop').map((one) => ({ ...one, state: 'exited' as const }))
  engine.show('shop', stopped)
  await compose.up(project, { ...limit, services: ['api'] })
  expect(engine.shown('shop')).toMatchObject([
    { service: 'web', state: 'exited' },
    { service: 'api', state: 'running', id: 'api' },
  ])
})

test('an image that nobody has built cannot be brought up without building', async () => {
  await expect(world.compose.up(project, { ...limit, services: ['web'] })).rejects.toMatchObject({
    code: 'compose_failed',
    message: expect.stringContaining('No such image: shop-web') as string,
  })
})
