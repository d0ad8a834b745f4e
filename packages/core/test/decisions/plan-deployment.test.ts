import { describe, expect, test } from 'vitest'
import { type DesiredService, planDeployment, type PlanInput } from '../../src/decisions/plan-deployment.ts'
import { appDefaults } from '../../src/domain/app.ts'
import type { Dependency } from '../../src/domain/project.ts'
import type { RebuildRules } from '../../src/domain/rebuild.ts'
import { built, container, deployed, image, now, plain, told, withChange } from './plan-world.ts'

const web = built('web')
const api = built('api')
const db = plain('db', { image: 'postgres:16' })
const shop = [web, api, db]
const on = (service: string, changes: Partial<Dependency> = {}): Dependency => ({
  service,
  condition: 'service_started',
  restart: false,
  shares: false,
  ...changes,
})
const rules = (changes: Partial<RebuildRules>): RebuildRules => ({ ...appDefaults.rebuild, ...changes })
const changedWeb = { key: { key: 'new' }, changes: ['web/index.html changed in build context web'] }
const newImage = image(web, { id: 'sha256:new', names: [], buildKey: 'new' })

/** Each row: what happened, the input, what is told of what is not kept as it is. */
type Row = readonly [story: string, input: PlanInput, ...told: readonly string[]]

const recordedBut = (
  changes: Partial<NonNullable<PlanInput['recorded']>>,
): NonNullable<PlanInput['recorded']> => ({
  services: {},
  unsettled: [],
  ...deployed(shop).recorded,
  ...changes,
})

describe('building', () => {
  test.each<Row>([
    ['nothing changed', deployed(shop)],
    ['a file outside of all contexts', deployed(shop, { changed: ['README.md'] })],
    [
      'a source file',
      deployed(shop, { desired: withChange(shop, 'web', changedWeb), changed: ['web/index.html'] }),
      'web: build; web/index.html changed in build context web',
    ],
    [
      'the first deployment of all',
      deployed(shop, {
        running: [],
        images: [],
        recorded: undefined,
        changed: { unknown: 'shop has no successful deployment yet' },
      }),
      'web: build; web has no image yet; web should have 1 container, none runs',
      'api: build; api has no image yet; api should have 1 container, none runs',
      'db: pull; its image postgres:16 is not here; db should have 1 container, none runs',
    ],
    [
      'back to content that an image here has',
      deployed(shop, {
        desired: withChange(shop, 'web', changedWeb),
        images: [newImage, ...deployed(shop).images],
      }),
      'web: recreate (image sha256:new); web/index.html changed in build context web; an image built from the same content is here',
    ],
    [
      'of several images with the content the newest is taken',
      deployed(shop, {
        desired: withChange(shop, 'web', { key: { key: 'new' } }),
        images: [
          ...deployed(shop).images,
          { ...newImage, id: 'sha256:older', createdAt: '2020-01-01T00:00:00Z' },
          newImage,
        ],
      }),
      'web: recreate (image sha256:new); an image built from the same content is here',
    ],
    [
      'a failed deployment built another image, and the one that runs is wanted again',
      deployed(shop, {
        images: [
          image(web, { names: [] }),
          image(web, { id: 'sha256:bad', buildKey: 'bad' }),
          image(api),
          image(db),
        ],
      }),
      'web: keep (image sha256:image-of-web); shop-web:latest names the image again that web runs',
    ],
    [
      'the build section',
      deployed(shop, {
        desired: withChange(shop, 'web', {
          key: { key: 'new' },
          build: { ...web.build!, digest: 'other', sections: { 'args.VERSION': '2', target: 'a' } },
        }),
        recorded: recordedBut({
          services: {
            ...deployed(shop).recorded?.services,
            web: {
              ...deployed(shop).recorded?.services['web'],
              buildSections: { 'args.VERSION': '1', target: 'a' },
            },
          },
        }),
      }),
      'web: build; the build section of web changed: argument VERSION',
    ],
    [
      'an untracked file in the context',
      deployed(shop, { desired: withChange(shop, 'web', { key: { key: 'new' } }) }),
      'web: build; a file that git does not track changed in build context web',
    ],
    [
      'somebody removed the image',
      deployed(shop, { images: [image(api), image(db)] }),
      'web: build; the image of web is no longer here',
    ],
    [
      'what an image is made of cannot be told',
      deployed(shop, {
        desired: withChange(shop, 'web', { key: { unknown: 'web is built from https://example.com/a.git' } }),
      }),
      'web: build; web is built from https://example.com/a.git',
    ],
    [
      'an image that is here under the name, made before Fairway came',
      deployed([web], {
        images: [
          { id: 'sha256:image-of-web', names: ['shop-web:latest'], createdAt: '2026-01-01T00:00:00Z' },
        ],
        recorded: undefined,
        changed: { unknown: 'shop has no successful deployment yet' },
      }),
      'web: build; shop has no successful deployment yet',
    ],
  ])('%s', (_, input, ...expected) => expect(told(input)).toEqual(expected))

  const base = built('base', { replicas: 0 })
  const onBase = built('app', { bases: ['base'] })
  test.each<Row>([
    [
      'a base image that is built anew takes along what is built from it, and comes first',
      deployed([onBase, base], {
        desired: [
          { ...onBase, key: { key: 'new app' } },
          { ...base, key: { key: 'new base' }, changes: ['base/a changed in build context base'] },
        ],
      }),
      'base: build; base/a changed in build context base',
      'app: build; its base image, built for base, changes',
    ],
    [
      'also where it is built by force, and no key moved',
      deployed([onBase, base], { rebuild: ['base'] }),
      'base: build; a commit message asks for a rebuild',
      'app: build; its base image, built for base, changes',
    ],
  ])('%s', (_, input, ...expected) => expect(told(input)).toEqual(expected))
})

describe('building by force', () => {
  const { services = {} } = deployed(shop).recorded ?? {}
  const withFolderOfApi = recordedBut({
    services: { ...services, api: { ...services['api'], context: '/srv/shop/api' } },
  })
  const all = (reason: string): readonly string[] => [`web: build; ${reason}`, `api: build; ${reason}`]
  test.each<Row>([
    ['a person asks', deployed(shop, { requested: true }), ...all('a rebuild was asked for')],
    [
      'a commit message asks for all',
      deployed(shop, { rebuild: 'all' }),
      ...all('a commit message asks for a rebuild'),
    ],
    [
      'a commit message asks for one',
      deployed(shop, { rebuild: ['api'] }),
      'api: build; a commit message asks for a rebuild',
    ],
    ['the trigger file lies there', deployed(shop, { triggered: true }), ...all('REBUILD_TRIGGER is there')],
    [
      'a tracked trigger file changed',
      deployed(shop, { changed: ['REBUILD_TRIGGER'] }),
      ...all('REBUILD_TRIGGER changed'),
    ],
    [
      'a trigger outside of every context',
      deployed(shop, { changed: ['deploy/requirements.txt'] }),
      ...all('deploy/requirements.txt changed'),
    ],
    ['a trigger inside of one counts there, by content', deployed(shop, { changed: ['web/.dockerignore'] })],
    [
      'a trigger that went with the folder of a service',
      deployed([web, db], { recorded: withFolderOfApi, changed: ['api/Dockerfile', 'api/main.py'] }),
    ],
    ['mode always', deployed(shop, { rules: rules({ mode: 'always' }) }), ...all('rebuild.mode is always')],
    [
      'mode never builds nothing that has an image',
      deployed(shop, {
        rules: rules({ mode: 'never' }),
        triggered: true,
        desired: withChange(shop, 'web', changedWeb),
      }),
    ],
    [
      'mode never builds where there is none',
      deployed(shop, { rules: rules({ mode: 'never' }), images: [image(api), image(db)] }),
      'web: build; web has no image yet',
    ],
    [
      'mode triggers looks at names alone',
      deployed(shop, {
        rules: rules({ mode: 'triggers' }),
        desired: withChange(shop, 'web', changedWeb),
        changed: ['web/index.html'],
      }),
    ],
    [
      'mode triggers builds all for one',
      deployed(shop, { rules: rules({ mode: 'triggers' }), changed: ['web/requirements.txt'] }),
      ...all('web/requirements.txt changed'),
    ],
    [
      'mode triggers, after a failed build of what is gone again',
      deployed(shop, {
        rules: rules({ mode: 'triggers' }),
        images: [image(web, { id: 'sha256:bad' }), image(api), image(db)],
        recorded: recordedBut({ unsettled: ['web'] }),
      }),
      'web: build; a deployment that did not succeed may have replaced the image of web',
    ],
  ])('%s', (_, input, ...expected) => expect(told(input)).toEqual(expected))

  const day = 86_400_000
  test.each<Row>([
    ['a young image', deployed(shop, { rules: rules({ refreshBase: 40 * day }) })],
    [
      'an old one',
      deployed(shop, { rules: rules({ refreshBase: 30 * day }) }),
      ...all('its base images were last asked for 31 days ago, and rebuild.refreshBase is 30 days'),
    ],
    [
      'an old one whose base was asked for since, and was the same',
      deployed([web], {
        rules: rules({ refreshBase: 30 * day }),
        recorded: recordedBut({
          services: {
            web: {
              ...deployed(shop).recorded?.services['web'],
              refreshedAt: new Date(now - day).toISOString(),
            },
          },
        }),
      }),
    ],
  ])('refreshBase: %s', (_, input, ...expected) => expect(told(input)).toEqual(expected))

  test('refreshBase asks registries, but not for an image that the project itself makes', () => {
    const app = built('app', { bases: ['web'] })
    const plan = planDeployment(deployed([web, app], { rules: rules({ refreshBase: day }) }))
    expect(plan.services.map(({ service, action, pull }) => [service, action, pull])).toEqual([
      ['web', 'build', true],
      ['app', 'build', undefined],
    ])
  })
})

describe('replacing containers', () => {
  const state = deployed(shop).recorded?.services ?? {}
  test.each<Row>([
    [
      'environment keys, named and never valued',
      deployed(withChange(shop, 'web', { environment: { A: '1', B: '1', C: '1' } }), {
        desired: withChange(shop, 'web', { configuration: 'new', environment: { A: '2', B: '1', D: '1' } }),
      }),
      'web: recreate; its configuration changed: environment keys A, C, D',
    ],
    [
      'other parts of a section',
      deployed(shop, {
        desired: withChange(shop, 'db', { configuration: 'new', sections: { ports: '1', command: '2' } }),
      }),
      'db: recreate; its configuration changed: command; ports',
    ],
    [
      'the definition of what it uses, which Compose passes over',
      deployed(shop, {
        desired: withChange(shop, 'db', { configuration: 'new', sections: { 'configs.main': '1' } }),
      }),
      'db: recreate (forced); its configuration changed: the config main',
    ],
    [
      'a mounted file',
      deployed(withChange(shop, 'db', { mounts: { 'nginx/default.conf': '1' } }), {
        desired: withChange(shop, 'db', { mounts: { 'nginx/default.conf': '2' } }),
        changed: ['nginx/default.conf'],
      }),
      'db: recreate (forced); nginx/default.conf changed, which db mounts',
    ],
    [
      'files of a mounted folder',
      deployed(withChange(shop, 'db', { mounts: { conf: '1' } }), {
        desired: withChange(shop, 'db', { mounts: { conf: '2' } }),
        changed: ['conf/a', 'conf/b', 'confer'],
      }),
      'db: recreate (forced); conf/a changed, which db mounts; conf/b changed, which db mounts',
    ],
    [
      'a mounted file that no push changed, and a variable',
      deployed(withChange(shop, 'db', { mounts: { '/etc/db.conf': '1', $TOKEN: '1' } }), {
        desired: withChange(shop, 'db', { mounts: { '/etc/db.conf': '2', $TOKEN: '2' } }),
      }),
      'db: recreate (forced); the value of TOKEN changed, which db mounts; /etc/db.conf changed, which db mounts',
    ],
    [
      'a tag that points elsewhere now',
      deployed(shop, { images: [image(web), image(api), image(db, { id: 'sha256:pulled' })] }),
      'db: recreate; postgres:16 is another image now than the one that db runs',
    ],
    [
      'a container that somebody else made differently',
      deployed(shop, { running: [container(web, { configHash: 'other' }), container(api), container(db)] }),
      'web: recreate; somebody else brought web up with another configuration',
    ],
    [
      'a container that a deployment without success made',
      deployed(shop, {
        running: [container(web, { id: 'unknown' }), container(api), container(db)],
        recorded: recordedBut({ unsettled: ['web', 'api'] }),
      }),
      'web: recreate (forced); a deployment that did not succeed may have replaced web',
    ],
    [
      'nothing is recorded yet: Compose is asked',
      deployed(shop, { recorded: recordedBut({ services: { web: state['web']! } }), touched: ['api'] }),
      'api: recreate; nothing is recorded of api yet, and Compose itself would replace it',
    ],
    [
      'who lives in the network of another goes with it',
      deployed([web, plain('side', { dependsOn: [on('web', { shares: true, restart: true })] })], {
        desired: [
          { ...web, ...changedWeb },
          plain('side', { dependsOn: [on('web', { shares: true, restart: true })] }),
        ],
      }),
      'web: build; web/index.html changed in build context web',
      'side: recreate (forced); it lives in web, which is replaced',
    ],
    [
      'who depends on another with restart: true is restarted with it',
      deployed(
        [
          web,
          plain('proxy', { dependsOn: [on('web', { restart: true })] }),
          plain('other', { dependsOn: [on('web')] }),
        ],
        {
          desired: [
            { ...web, ...changedWeb },
            plain('proxy', { dependsOn: [on('web', { restart: true })] }),
            plain('other', { dependsOn: [on('web')] }),
          ],
        },
      ),
      'web: build; web/index.html changed in build context web',
      'proxy: restart; web is replaced, and proxy is to be restarted with it',
    ],
    [
      'who runs the image that another builds',
      deployed([plain('worker', { image: 'shop-web' }), web], {
        desired: [plain('worker', { image: 'shop-web' }), { ...web, ...changedWeb }],
        images: [image(web)],
        running: [container(plain('worker'), { image: image(web).id }), container(web)],
      }),
      'worker: recreate; its image shop-web:latest, built for web, changes',
      'web: build; web/index.html changed in build context web',
    ],
  ])('%s', (_, input, ...expected) => expect(told(input)).toEqual(expected))

  test('no more than five files are named', () => {
    const services = [plain('db', { mounts: { conf: '1' } })]
    const changed = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `conf/${name}`)
    const input = deployed(services, {
      desired: withChange(services, 'db', { mounts: { conf: '2' } }),
      changed,
    })
    const because = planDeployment(input).services[0]?.because ?? []
    expect(because).toHaveLength(6)
    expect(because.at(-1)).toBe('2 more changed that db mounts')
  })

  test('what the repository names cannot move the terminal', () => {
    const input = deployed(shop, {
      desired: withChange(shop, 'web', { key: { key: 'n' }, changes: ['web/\u001b[2J changed'] }),
    })
    expect(told(input)).toEqual([String.raw`web: build; web/\x1b[2J changed`])
  })
})

describe('pulling', () => {
  test.each<Row>([
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
  ])('%s', (_, input, ...expected) => expect(told(input)).toEqual(expected))
})

describe('starting', () => {
  const two = plain('db', { replicas: 2 })
  const job = plain('job')
  const start = (service: DesiredService, ...running: PlanInput['running']): PlanInput =>
    deployed([service], { running })
  test.each<Row>([
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
  ])('%s', (_, input, ...expected) => expect(told(input)).toEqual(expected))
})

describe('removing', () => {
  test.each<Row>([
    [
      'what an earlier deployment had',
      deployed(shop, { desired: [web, api] }),
      'db: remove; db is not in the configuration any more',
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
      'db: remove; db is not in the configuration any more',
    ],
    [
      'never what the operator started beside it',
      deployed([web], { running: [container(web), container(plain('tool'))] }),
    ],
  ])('%s', (_, input, ...expected) => expect(told(input)).toEqual(expected))
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
