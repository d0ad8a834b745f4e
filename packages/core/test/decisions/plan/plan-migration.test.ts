import { expect, test } from 'vitest'
import { planDeployment, type PlanInput } from '../../../src/decisions/plan-deployment.ts'
import { appDefaults } from '../../../src/domain/app.ts'
import type { Container } from '../../../src/domain/container.ts'
import { fakeContainer } from '../../../src/testing/fake-engine.ts'

const image = (name: string, key: string, id = `sha256:${name}`) => ({
  id,
  names: [`shop-${name}:latest`],
  buildKey: key,
  createdAt: '2026-01-01T00:00:00Z',
})
const section = { context: '/srv/shop', additionalContexts: [], digest: 'd' }
const desired = (changes: object = {}) => [
  {
    name: 'migrate',
    replicas: 1,
    build: section,
    key: { key: 'k1' },
    configuration: 'c1',
    mounts: { sql: 'm1' },
    ...changes,
  },
  { name: 'web', replicas: 1, build: section, key: { key: 'k2' }, configuration: 'c2', mounts: {} },
]
const web = fakeContainer({ service: 'web', id: 'w1', image: 'sha256:web' })
const settled: PlanInput = {
  app: 'shop',
  commit: 'a'.repeat(40),
  project: 'shop',
  path: '/srv/shop',
  rules: appDefaults.rebuild,
  desired: desired(),
  running: [web],
  images: [image('migrate', 'k1'), image('web', 'k2')],
  recorded: {
    commit: 'b'.repeat(40),
    project: 'shop',
    services: {
      migrate: { configuration: 'c1', mounts: { sql: 'm1' } },
      web: { configuration: 'c2', mounts: {}, containers: ['w1'], image: 'sha256:web' },
    },
    unsettled: [],
  },
  changed: [],
  triggered: false,
  requested: false,
  now: 0,
  migrate: 'migrate',
}

const old: Container = fakeContainer({
  service: 'migrate',
  state: 'exited',
  exitCode: 1,
  image: 'sha256:old',
})
const recorded = settled.recorded as NonNullable<PlanInput['recorded']>

test.each<[string, Partial<PlanInput>, string, readonly string[]]>([
  ['is kept where all is kept, though it has no container', {}, 'keep', []],
  ['is kept whatever became of a container that was brought up once', { running: [web, old] }, 'keep', []],
  ['runs before another that is replaced', { running: [] }, 'start', ['it runs before web']],
  [
    'runs where what it mounts changed',
    { desired: desired({ mounts: { sql: 'm2' } }), changed: ['sql/2.sql'] },
    'start',
    ['sql/2.sql changed, which migrate mounts'],
  ],
  [
    'runs where its configuration changed',
    { desired: desired({ configuration: 'c9' }) },
    'start',
    ['its configuration changed'],
  ],
  [
    'runs where it was never recorded',
    { recorded: { ...recorded, services: { web: recorded.services['web'] ?? {} } } },
    'start',
    ['nothing is recorded of migrate yet'],
  ],
  [
    'runs again where the last deployment did not succeed',
    { recorded: { ...recorded, unsettled: ['migrate'] } },
    'start',
    ['a deployment that ran migrate did not succeed'],
  ],
])('the service that is run once: %s', (_, changes, action, because) => {
  const plan = planDeployment({ ...settled, ...changes })
  const { forced, ...found } = plan.services.find(({ service }) => service === 'migrate') ?? {}
  expect(found).toMatchObject({ action, because })
  expect(forced).toBeUndefined()
})

test('the service that is run once: builds where no image has its key, and takes one that has', () => {
  const [build] = planDeployment({ ...settled, images: [image('web', 'k2')] }).services
  expect(build).toMatchObject({ service: 'migrate', action: 'build' })
  const tagged = { ...image('migrate', 'k1', 'sha256:other'), names: [] }
  const [tag] = planDeployment({ ...settled, images: [tagged, image('web', 'k2')] }).services
  expect(tag).toMatchObject({
    action: 'start',
    image: 'sha256:other',
    because: ['an image built from the same content is here'],
  })
})

test('without one, a service without a container is brought up as any other', () => {
  const [first] = planDeployment({ ...settled, migrate: undefined }).services
  expect(first).toMatchObject({
    service: 'migrate',
    action: 'start',
    because: ['migrate should have 1 container, none runs'],
  })
})
