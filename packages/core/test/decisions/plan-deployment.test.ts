import { describe, expect, test } from 'vitest'
import { type DesiredService, planDeployment, type PlanInput } from '../../src/decisions/plan-deployment.ts'
import {
  api,
  changedWeb,
  container,
  db,
  deployed,
  image,
  on,
  plain,
  recordedBut,
  type Row,
  shop,
  told,
  web,
  withChange,
} from './plan-world.ts'

describe('pulling', () => {
  test.for<Row>([
    [
      'pull_policy always',
      deployed([db], { desired: [{ ...db, pullPolicy: 'always' }] }),
      'db: pull; its pull_policy is always',
    ],
    [
      'pull_policy never, and no image',
      deployed([db], { desired: [{ ...db, pullPolicy: 'never' }], images: [], running: [] }),
      'db: start; db should have 1 container, none runs',
    ],
    ['a pinned image that runs', deployed([plain('db', { image: 'postgres@sha256:abc' })], { images: [] })],
    [
      'an official image by its long name',
      deployed([plain('db', { image: 'docker.io/library/postgres' })], {
        images: [image(db, { id: 'sha256:image-of-db', names: ['postgres:latest'] })],
      }),
    ],
  ])('%s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))
})

describe('starting', () => {
  const two = plain('db', { replicas: 2 })
  const job = plain('job')
  const start = (service: DesiredService, ...running: PlanInput['running']): PlanInput =>
    deployed([service], { running })
  test.for<Row>([
    ['none', start(db), 'db: start; db should have 1 container, none runs'],
    ['fewer than wanted', start(two, container(two)), 'db: start; db should have 2 containers, 1 runs'],
    [
      'more than wanted',
      start(db, container(db), container(db, { id: 'b' }), container(db, { id: 'c' })),
      'db: start; db should have 1 container, 3 run',
    ],
    [
      'stopped by hand',
      start(db, container(db, { state: 'exited', restartPolicy: 'always' })),
      'db: start; db should have 1 container, none runs',
    ],
    [
      'ended badly',
      start(job, container(job, { state: 'exited', exitCode: 3 })),
      'job: start; job should have 1 container, none runs',
    ],
    ['a job that ended well', start(job, container(job, { state: 'exited' })), 'job: keep; job is done'],
    [
      'a web server that ended, however well',
      start(db, container(db, { state: 'exited', publishesPort: true })),
      'db: start; db should have 1 container, none runs',
    ],
    [
      'paused',
      start(db, container(db, { state: 'paused' })),
      'db: recreate (forced); a container of db is paused; db should have 1 container, none runs',
    ],
    [
      'in a loop of restarts: for the health gate to judge',
      start(db, container(db, { state: 'restarting' })),
    ],
    [
      'scaled to nothing',
      deployed([plain('db', { replicas: 0 })], { running: [container(db)] }),
      'db: start; db should have 0 containers, 1 runs',
    ],
    [
      'what an interrupted recreate left',
      start(
        db,
        container(db, { name: 'shop-db-1' }),
        container(db, {
          id: 'x',
          name: '0123456789ab_shop-db-1',
          state: 'created',
          startedAt: '0001-01-01T00:00:00Z',
        }),
      ),
      'db: start; an interrupted deployment left the container 0123456789ab_shop-db-1',
    ],
  ])('%s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))
})

describe('removing', () => {
  test.for<Row>([
    [
      'what an earlier deployment had',
      deployed(shop, { desired: [web, api] }),
      'db: remove; the configuration does not bring up db any more',
    ],
    [
      'nothing where its containers are gone',
      deployed(shop, { desired: [web, api], running: [container(web), container(api)] }),
    ],
    [
      'what a deployment without success may have brought',
      deployed([web], {
        running: [container(web), container(db)],
        recorded: recordedBut({
          services: { web: deployed([web]).recorded!.services['web']! },
          unsettled: ['db'],
        }),
      }),
      'db: remove; the configuration does not bring up db any more',
    ],
    [
      'never what the operator started beside it',
      deployed([web], { running: [container(web), container(plain('tool'))] }),
    ],
  ])('%s', ([, input, ...expected]) => expect(told(input)).toEqual(expected))
})

describe('the order', () => {
  test('services after what they depend on, removed ones last', () => {
    const services = [
      plain('proxy', { dependsOn: [on('web')] }),
      plain('web', { dependsOn: [on('db'), on('gone')] }),
      plain('db'),
    ]
    const input = deployed([...services, plain('a')], { desired: services })
    expect(planDeployment(input).services.map(({ service }) => service)).toEqual(['db', 'web', 'proxy', 'a'])
  })

  test('the same input gives the same plan, and what was given is left as it is', () => {
    const input = deployed(shop, { desired: withChange(shop, 'web', changedWeb) })
    const before = structuredClone(input)
    expect(planDeployment(input)).toEqual(planDeployment(input))
    expect(input).toEqual(before)
  })
})
