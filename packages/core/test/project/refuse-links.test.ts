import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import { nodeFiles } from '../../src/executors/node-files.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { type FoundProject, readProject } from '../../src/project/read-project.ts'
import { refuseLinks } from '../../src/project/refuse-links.ts'
import { type Files, type Playground, playground } from '../support/repository.ts'

// Real git and real files: what a push brings is told from the operator's own by the index.
let ground: Playground
let app: App
let executors: { readonly git: ReturnType<typeof simpleGit>; readonly files: ReturnType<typeof nodeFiles> }
beforeEach(() => {
  ground = playground()
  executors = { git: simpleGit({ environment: ground.environment }), files: nodeFiles() }
  app = defineApp({ name: 'shop', repository: 'acme/shop', path: ground.path('shop') })
  mkdirSync(ground.path('outside'))
  writeFileSync(ground.path('outside/secret'), 'COLOR=stolen\n')
  writeFileSync(ground.path('outside/compose.yaml'), 'services: { web: { image: x } }\n')
})
afterEach(() => ground.remove())

const plain = 'services: { web: { image: x } }\n'
const service = (yaml: string): string => `services: { web: ${yaml} }\n`
const outside = (name = 'secret'): { readonly link: string } => ({ link: `../outside/${name}` })

/** Reads the project of a checkout that was pushed with these files. */
function pushed(files: Files, changes: Partial<App['compose']> = {}): Promise<FoundProject> {
  const origin = ground.origin()
  origin.commit(files)
  ground.clone(origin)
  return readProject({ ...app, compose: { ...app.compose, ...changes } }, executors)
}

/** Makes a link in the checkout that git knows nothing of. */
function link(file: string, target: string): void {
  mkdirSync(dirname(ground.path('shop', file)), { recursive: true })
  symlinkSync(target, ground.path('shop', file))
}

type Row = readonly [name: string, files: Files, link: string, changes?: Partial<App['compose']>]
const rows: readonly Row[] = [
  ['the Compose file', { 'compose.yaml': outside('compose.yaml') }, 'compose.yaml'],
  ['an absolute link', { 'compose.yaml': { link: '/etc/passwd' } }, 'compose.yaml'],
  ['a named Compose file', { 'prod.yml': outside('compose.yaml') }, 'prod.yml', { files: ['prod.yml'] }],
  ['its folder', { deploy: { link: '../outside' } }, 'deploy', { files: ['deploy/compose.yaml'] }],
  [
    'the override',
    { 'compose.yaml': plain, 'compose.override.yml': outside('compose.yaml') },
    'compose.override.yml',
  ],
  ['.env', { 'compose.yaml': plain, '.env': outside() }, '.env'],
  ['an env file', { 'compose.yaml': plain, 'a.env': outside() }, 'a.env', { envFiles: ['a.env'] }],
  [
    'env_file',
    { 'compose.yaml': service('{ image: x, env_file: web.env }'), 'web.env': outside() },
    'web.env',
  ],
  [
    'env_file of an anchor',
    {
      'compose.yaml': `x-base: &base { env_file: web.env }\n${service('{ <<: *base, image: x }')}`,
      'web.env': outside(),
    },
    'web.env',
  ],
  ['a build context', { 'compose.yaml': service('{ build: web }'), web: { link: '../outside' } }, 'web'],
  ['a Dockerfile', { 'compose.yaml': service('{ build: . }'), Dockerfile: outside() }, 'Dockerfile'],
  [
    'another Dockerfile',
    {
      'compose.yaml': service('{ build: { context: web, dockerfile: ../d/prod } }'),
      'web/x': '',
      'd/prod': { link: '../../outside/secret' },
    },
    'd/prod',
  ],
  [
    'an additional context',
    {
      'compose.yaml': service('{ build: { context: ., additional_contexts: { a: shared } } }'),
      shared: { link: '..' },
    },
    'shared',
  ],
  ['include', { 'compose.yaml': 'include: [sub.yaml]\n', 'sub.yaml': outside('compose.yaml') }, 'sub.yaml'],
  [
    'the .env beside an included file',
    {
      'compose.yaml': 'include: [sub/a.yaml]\n',
      'sub/a.yaml': plain,
      'sub/.env': { link: '../../outside/secret' },
    },
    'sub/.env',
  ],
  [
    'what an included file names',
    {
      'compose.yaml': 'include: [sub/a.yaml]\n',
      'sub/a.yaml': service('{ image: x, env_file: web.env }'),
      'sub/web.env': { link: '../../outside/secret' },
    },
    'sub/web.env',
  ],
  [
    'extends',
    {
      'compose.yaml': service('{ extends: { file: base.yaml, service: web } }'),
      'base.yaml': outside('compose.yaml'),
    },
    'base.yaml',
  ],
  [
    'a config',
    { 'compose.yaml': `${plain}configs: { a: { file: a.conf } }\n`, 'a.conf': outside() },
    'a.conf',
  ],
  ['a secret', { 'compose.yaml': `${plain}secrets: { a: { file: a.key } }\n`, 'a.key': outside() }, 'a.key'],
  [
    'a link by way of another',
    { 'compose.yaml': { link: 'b/compose.yaml' }, b: { link: '../outside' } },
    'b',
  ],
]

describe('S16: a link that the repository brings may not lead outside the checkout', () => {
  test.for(rows)('%s', async ([, files, name, changes]) => {
    const reading = pushed(files, changes)
    await expect(reading).rejects.toMatchObject({
      code: 'path_outside_checkout',
      message: expect.stringContaining(
        `Cannot deploy shop: ${name} is a symlink leading outside the checkout`,
      ) as string,
    })
  })

  test('and nothing is read from it: neither colour nor mistake of that file shows', async () => {
    writeFileSync(ground.path('outside/compose.yaml'), 'services: [geheim')
    await expect(pushed({ 'compose.yaml': outside('compose.yaml'), '.env': outside() })).rejects.toThrow(
      'Cannot deploy shop: .env is a symlink leading outside the checkout',
    )
  })

  test('a link in a folder that is one says which, and what it stands in the way to', async () => {
    const files = {
      'compose.yaml': service('{ image: x, env_file: conf/web.env }'),
      conf: { link: '../outside' },
    }
    await expect(pushed(files)).rejects.toThrow(
      'conf is a symlink leading outside the checkout (it stands in the way to conf/web.env)',
    )
  })
})

describe('S16: is allowed', () => {
  test("the operator's own link, to where secrets are kept", async () => {
    ground.clone(originWith({ 'compose.yaml': service('{ image: x, env_file: web.env }') }))
    link('.env', ground.path('outside/secret'))
    link('web.env', ground.path('outside/secret'))
    link('compose.override.yml', ground.path('outside/compose.yaml'))
    const { project } = await readProject(app, executors)
    expect(project).toMatchObject({ name: 'stolenshop', envFiles: [ground.path('shop/.env')] })
    expect(project.files).toEqual([
      ground.path('shop/compose.yaml'),
      ground.path('shop/compose.override.yml'),
    ])
  })

  test('a link of the repository to one of the operator', async () => {
    ground.clone(originWith({ 'compose.yaml': plain, 'web.env': { link: '.env' } }))
    link('.env', ground.path('outside/secret'))
    await refuseLinks(app, [ground.path('shop/web.env')], executors)
    // The other way round it is the repository that leads outside.
    await expect(
      (async () => {
        symlinkSync('evil', ground.path('shop/mine'))
        symlinkSync('/etc/passwd', ground.path('shop/evil'))
        ground.git(ground.path('shop'), 'add', 'evil')
        await refuseLinks(app, [ground.path('shop/mine')], executors)
      })(),
    ).rejects.toThrow('Cannot deploy shop: evil is a symlink leading outside the checkout')
  })

  test('a link of the repository that stays inside, also by an absolute or a roundabout way', async () => {
    const { project } = await pushed({
      'deploy/prod.yml': plain,
      'compose.yaml': { link: 'deploy/prod.yml' },
      'compose.override.yml': { link: '../shop/./deploy/../deploy/prod.yml' },
      '.env': { link: ground.path('shop/deploy/env') },
      'deploy/env': 'COLOR=red\n',
    })
    expect(project.name).toBe('redshop')
  })

  test('a checkout that itself lies behind a link, and a path that says so', async () => {
    await pushed({ 'compose.yaml': plain })
    renameSync(ground.path('shop'), ground.path('real'))
    symlinkSync(ground.path('real'), ground.path('shop'))
    expect((await readProject(app, executors)).project.files).toEqual([ground.path('shop/compose.yaml')])
    symlinkSync('/etc', ground.path('real/etc'))
    ground.git(ground.path('real'), 'add', 'etc')
    for (const path of [ground.path('shop/etc/passwd'), ground.path('real/etc/passwd')]) {
      await expect(refuseLinks(app, [path], executors)).rejects.toThrow('etc is a symlink')
    }
  })

  test('what is written as outside (S17), what is not there, and a link in a circle', async () => {
    await pushed({ 'compose.yaml': plain, round: { link: 'round' }, nowhere: { link: 'not/there' } })
    const written = ['../outside/secret', 'none/at/all', 'round', 'nowhere'].map((path) =>
      join(app.path, path),
    )
    await expect(refuseLinks(app, [...written, '/etc/passwd'], executors)).resolves.toBeUndefined()
  })
})

function originWith(files: Files) {
  const origin = ground.origin()
  origin.commit(files)
  return origin
}
