import { expect, test } from 'vitest'
import { decideRebuild, type RebuildInput } from '../../src/decisions/decide-rebuild.ts'
import { appDefaults } from '../../src/domain/app.ts'
import type { Build, Service } from '../../src/domain/project.ts'
import type { Rebuild, RebuildRules } from '../../src/domain/rebuild.ts'

type Mode = RebuildRules['mode']
type Options = Partial<Omit<RebuildInput, 'rules'>> & {
  readonly mode?: Mode
  readonly rules?: Partial<RebuildRules>
}

const unknown = { unknown: 'shop has no successful deployment yet' }
const web = service('web', { context: '/srv/shop/web' })
const api = service('api', { context: '/srv/shop/api' })
const db: Service = { name: 'db', replicas: 1 }

/** Web and api as the last success left them, and a database without a build section. */
function decide({ mode = 'auto', rules, services = [web, api, db], ...options }: Options): Rebuild {
  return decideRebuild({
    rules: { ...appDefaults.rebuild, mode, ...rules },
    path: '/srv/shop',
    services,
    changed: [],
    state: deployed(services),
    triggered: false,
    requested: false,
    ...options,
  })
}

function service(name: string, build: Partial<Build> & { readonly context: string }): Service {
  return {
    name,
    replicas: 1,
    build: { dockerfile: 'Dockerfile', additionalContexts: [], digest: `digest of ${name}`, ...build },
  }
}

/** The state after a success with these services. */
function deployed(
  services: readonly Service[],
  unsettled: readonly string[] = [],
): NonNullable<RebuildInput['state']> {
  const built = services.flatMap(({ name, build }) =>
    build ? [[name, { build: build.digest }] as const] : [],
  )
  return { commit: '1'.repeat(40), services: Object.fromEntries(built), unsettled }
}

test('nothing changed: nothing is built, and what is recorded stays', () => {
  expect(decide({})).toEqual({
    needed: false,
    services: [],
    because: [],
    reasons: {},
    builds: { web: 'digest of web', api: 'digest of api' },
  })
})

test('says for each service why it is built, and every reason once', () => {
  expect(decide({ changed: ['web/index.html', 'api/main.ts', 'REBUILD_TRIGGER', 'README.md'] })).toEqual({
    needed: true,
    services: ['web', 'api'],
    because: [
      'REBUILD_TRIGGER changed',
      'web/index.html changed in build context web',
      'api/main.ts changed in build context api',
    ],
    reasons: {
      web: ['REBUILD_TRIGGER changed', 'web/index.html changed in build context web'],
      api: ['REBUILD_TRIGGER changed', 'api/main.ts changed in build context api'],
    },
    builds: { web: 'digest of web', api: 'digest of api' },
  })
})

const root = service('root', { context: '/srv/shop' })
const outside = service('outside', { context: '/srv/elsewhere' })
const odd = service('odd', { context: '/srv/shop/odd', dockerfile: '../docker/odd.Dockerfile' })
const absolute = service('absolute', {
  context: '/srv/shop/odd',
  dockerfile: '/srv/shop/docker/abs.Dockerfile',
})
const inline: Service = {
  name: 'worker',
  replicas: 1,
  build: { context: '/srv/shop/worker', additionalContexts: [], digest: 'digest of worker' },
}
const shared = service('shared', {
  context: '/srv/shop/api',
  additionalContexts: ['docker-image://busybox', '/srv/shop/lib', '/srv/other'],
})

/** Reasons of each service that is built. */
type Reasons = Readonly<Record<string, readonly string[]>>
const changes: readonly (readonly [string, Options, Reasons])[] = [
  [
    'a file in a build context builds that service alone',
    { changed: ['web/a/b.html'] },
    { web: ['web/a/b.html changed in build context web'] },
  ],
  [
    'a file outside every context builds nothing',
    { changed: ['README.md', 'docs/web/index.html', 'website/a'] },
    {},
  ],
  ['a submodule that is a context', { changed: ['web'] }, { web: ['web changed in build context web'] }],
  [
    'a trigger inside a context counts for that service',
    { changed: ['web/Dockerfile', 'api/.env'] },
    { web: ['web/Dockerfile changed in build context web'], api: ['api/.env changed in build context api'] },
  ],
  [
    'a trigger outside every context counts for all, in any folder',
    { changed: ['deploy/x/requirements.txt'] },
    { web: ['deploy/x/requirements.txt changed'], api: ['deploy/x/requirements.txt changed'] },
  ],
  [
    'a trigger is matched by its whole base name',
    { changed: ['Dockerfile.old', 'my.env', 'dockerfile'] },
    {},
  ],
  [
    'a trigger of one context and a file of another',
    { changed: ['web/.dockerignore', 'api/x'] },
    { web: ['web/.dockerignore changed in build context web'], api: ['api/x changed in build context api'] },
  ],
  [
    'triggers as the operator names them',
    { changed: ['.env', 'package.json'], rules: { triggers: ['package.json'] } },
    { web: ['package.json changed'], api: ['package.json changed'] },
  ],
  [
    'in the root context every file counts',
    { changed: ['README.md', 'Dockerfile'], services: [root] },
    { root: ['README.md changed in build context .', 'Dockerfile changed in build context .'] },
  ],
  [
    'a trigger inside the root context is no reason for the others',
    { changed: ['.env'], services: [root, web] },
    { root: ['.env changed in build context .'] },
  ],
  [
    'what is built from outside the checkout is always built',
    { services: [outside, web] },
    { outside: ['outside is built from /srv/elsewhere, outside the checkout'] },
  ],
  [
    'so is what is built from the folder around it',
    { services: [service('parent', { context: '/srv' })], changed: ['README.md'] },
    { parent: ['parent is built from /srv, outside the checkout'] },
  ],
  [
    'so is what is built from a URL',
    { services: [service('lib', { context: 'https://github.com/acme/lib.git' })] },
    { lib: ['lib is built from https://github.com/acme/lib.git, outside the checkout'] },
  ],
  [
    'a folder whose name begins with the checkout’s lies outside',
    { services: [service('shop2', { context: '/srv/shop2' })] },
    { shop2: ['shop2 is built from /srv/shop2, outside the checkout'] },
  ],
  [
    'a folder whose name begins with two dots lies inside',
    { services: [service('dots', { context: '/srv/shop/..dots' })], changed: ['..dots/a'] },
    { dots: ['..dots/a changed in build context ..dots'] },
  ],
  [
    'a Dockerfile beside its context',
    { services: [odd, web], changed: ['docker/odd.Dockerfile'] },
    { odd: ['docker/odd.Dockerfile changed, which the build reads beside its context'] },
  ],
  [
    'its own ignore file beside it (tried with BuildKit: it decides what is copied)',
    { services: [odd, web], changed: ['docker/odd.Dockerfile.dockerignore'] },
    { odd: ['docker/odd.Dockerfile.dockerignore changed, which the build reads beside its context'] },
  ],
  [
    'a Dockerfile given by an absolute path',
    { services: [absolute, web], changed: ['docker/abs.Dockerfile', 'docker/odd.Dockerfile'] },
    { absolute: ['docker/abs.Dockerfile changed, which the build reads beside its context'] },
  ],
  [
    'a Dockerfile beside its context that is a trigger counts for its service alone',
    {
      services: [service('odd', { context: '/srv/shop/odd', dockerfile: '../Dockerfile' }), web],
      changed: ['Dockerfile'],
    },
    { odd: ['Dockerfile changed, which the build reads beside its context'] },
  ],
  [
    'an inline Dockerfile is no file',
    { services: [inline], changed: ['worker/Dockerfile'] },
    { worker: ['worker/Dockerfile changed in build context worker'] },
  ],
  [
    'a file in an additional context',
    { services: [shared, web], changed: ['lib/a.ts', 'library/a.ts'] },
    { shared: ['lib/a.ts changed, which the build reads beside its context'] },
  ],
  [
    'five files are named, the others counted',
    { changed: ['1', '2', '3', '4', '5', '6', '7'].map((name) => `web/${name}`) },
    {
      web: [
        ...['1', '2', '3', '4', '5'].map((name) => `web/${name} changed in build context web`),
        '2 more changed that the build reads',
      ],
    },
  ],
  [
    'also where the context lies outside',
    {
      services: [service('mixed', { context: '/srv/x', additionalContexts: ['/srv/shop/lib'] })],
      changed: ['1', '2', '3', '4', '5', '6'].map((name) => `lib/${name}`),
    },
    {
      mixed: [
        'mixed is built from /srv/x, outside the checkout',
        ...['1', '2', '3', '4', '5'].map(
          (name) => `lib/${name} changed, which the build reads beside its context`,
        ),
        '1 more changed that the build reads',
      ],
    },
  ],
  [
    'a trigger file that is tracked and changed builds all',
    { changed: ['REBUILD_TRIGGER'] },
    { web: ['REBUILD_TRIGGER changed'], api: ['REBUILD_TRIGGER changed'] },
  ],
  ['one of that name elsewhere is none', { changed: ['docs/REBUILD_TRIGGER'] }, {}],
  [
    'an untracked trigger file builds all',
    { triggered: true },
    { web: ['REBUILD_TRIGGER is there'], api: ['REBUILD_TRIGGER is there'] },
  ],
  [
    'a trigger file of another name and place',
    { triggered: true, changed: ['ops/rebuild'], rules: { triggerFile: 'ops/rebuild' } },
    {
      web: ['ops/rebuild changed', 'ops/rebuild is there'],
      api: ['ops/rebuild changed', 'ops/rebuild is there'],
    },
  ],
  [
    'an unknown base builds all, and says no more than that',
    { changed: unknown, triggered: true, state: undefined },
    { web: [unknown.unknown], api: [unknown.unknown] },
  ],
  [
    'a service that no success knows is built',
    { state: deployed([web]) },
    { api: ['api has not been built by a successful deployment yet'] },
  ],
  [
    'so is every one where the state is lost',
    { state: undefined },
    {
      web: ['web has not been built by a successful deployment yet'],
      api: ['api has not been built by a successful deployment yet'],
    },
  ],
  [
    'a build section that changed',
    { state: deployed([service('web', { context: '/srv/shop/web', digest: 'another' }), api]) },
    { web: ['the build section of web changed'] },
  ],
  [
    'what a failed deployment may have replaced is built again',
    { state: deployed([web, api], ['api', 'gone']) },
    { api: ['a deployment that did not succeed may have replaced the image of api'] },
  ],
  [
    'on request all are built, for that reason alone',
    { requested: true, changed: ['web/a'], state: undefined },
    { web: ['a rebuild was asked for'], api: ['a rebuild was asked for'] },
  ],
  [
    'services without a build section are never built',
    { services: [db], changed: unknown, triggered: true, requested: true },
    {},
  ],
]
test.each(changes)('auto: %s', (_, options, reasons) => {
  const { builds: _builds, ...rebuild } = decide(options)
  expect(rebuild).toEqual(because(reasons))
})

const all = (reason: string): Reasons => ({ web: [reason], api: [reason] })
const modes: readonly (readonly [Mode, string, Options, Reasons])[] = [
  ['triggers', 'a source file is no reason', { changed: ['web/index.html'] }, {}],
  [
    'triggers',
    'a trigger anywhere builds all',
    { changed: ['web/Dockerfile'] },
    all('web/Dockerfile changed'),
  ],
  [
    'triggers',
    'a tracked trigger file builds all',
    { changed: ['REBUILD_TRIGGER'] },
    all('REBUILD_TRIGGER changed'),
  ],
  ['triggers', 'an untracked trigger file builds all', { triggered: true }, all('REBUILD_TRIGGER is there')],
  ['triggers', 'an unknown base builds all', { changed: unknown }, all(unknown.unknown)],
  [
    'triggers',
    'a lost state, a new section, a context outside: no reason',
    { state: undefined, services: [web, outside] },
    {},
  ],
  [
    'triggers',
    'a trigger that failed and was taken back: its image must go, too',
    { state: deployed([web, api], ['web']) },
    { web: ['a deployment that did not succeed may have replaced the image of web'] },
  ],
  ['triggers', 'on request all are built', { requested: true }, all('a rebuild was asked for')],
  ['always', 'all, whatever changed', { changed: ['web/a'], triggered: true }, all('rebuild.mode is always')],
  ['always', 'all, also with an unknown base', { changed: unknown }, all('rebuild.mode is always')],
  ['always', 'on request that is the reason', { requested: true }, all('a rebuild was asked for')],
  [
    'never',
    'nothing, whatever changed',
    { changed: ['web/Dockerfile', 'REBUILD_TRIGGER'], triggered: true },
    {},
  ],
  ['never', 'nothing with an unknown base', { changed: unknown, state: undefined }, {}],
  ['never', 'nothing that failed before', { state: deployed([web, api], ['web']) }, {}],
  ['never', 'but on request', { requested: true }, all('a rebuild was asked for')],
]
test.each(modes)('%s: %s', (mode, _, options, reasons) => {
  const { builds: _builds, ...rebuild } = decide({ ...options, mode })
  expect(rebuild).toEqual(because(reasons))
})

test('records the new digest of what is built and the old one of what is not', () => {
  const state = {
    services: { web: { build: 'old' }, api: { build: 'old' }, gone: { build: 'old' } },
    unsettled: [],
  }
  expect(decide({ state, mode: 'triggers' }).builds).toEqual({ web: 'old', api: 'old' })
  expect(decide({ state, services: [web], mode: 'auto' }).builds).toEqual({ web: 'digest of web' })
  expect(decide({ state, mode: 'always' }).builds).toEqual({ web: 'digest of web', api: 'digest of api' })
  expect(decide({ state: undefined, mode: 'never' }).builds).toEqual({})
})

test('services with the names of what every object has', () => {
  const services = ['constructor', '__proto__'].map((name) => service(name, { context: `/srv/shop/${name}` }))
  const { reasons, builds } = decide({ services, state: { services: {}, unsettled: [] } })
  expect(Object.keys(reasons)).toEqual(['constructor', '__proto__'])
  expect(Object.keys(builds)).toEqual(['constructor', '__proto__'])
})

/** The decision that these reasons make. */
function because(reasons: Reasons): Omit<Rebuild, 'builds'> {
  const services = Object.keys(reasons)
  return {
    needed: services.length > 0,
    services,
    because: [...new Set(Object.values(reasons).flat())],
    reasons,
  }
}
