import { expect, test } from 'vitest'
import { projectCandidates, projectName, selectProject } from '../../src/decisions/select-project.ts'
import { type App, type AppOptions, defineApp } from '../../src/domain/app.ts'
import { isDeployError } from '../../src/errors.ts'
import type { Project } from '../../src/domain/project.ts'

type Env = Readonly<Record<string, string>>
const both = ['docker-compose.prod.yml', 'docker-compose.dev.yml']

function app(options: Partial<AppOptions> = {}): App {
  return defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop', ...options })
}

/** The project of an app whose checkout holds these files. */
function select(there: readonly string[], env: Env = {}, options: Partial<AppOptions> = {}): Project {
  const selected = app(options)
  const candidates = projectCandidates(selected)
  return selectProject(selected, env, (file) => {
    if (!candidates.includes(file)) throw new Error(`${file} is no candidate`)
    return there.includes(file)
  })
}

/** Its Compose files alone. */
function files(...args: Parameters<typeof select>): readonly string[] {
  return select(...args).files
}

test('everything that Compose is told', () => {
  const compose = { profiles: ['jobs'], environment: { TAG: '1' } }
  expect(select([...both, '.env'], { DEBUG: 'true', COLOR: 'Blue' }, { compose })).toEqual({
    name: 'blueshop',
    directory: '/srv/shop',
    files: ['/srv/shop/docker-compose.dev.yml'],
    envFiles: ['/srv/shop/.env'],
    profiles: ['jobs'],
    environment: { TAG: '1' },
  })
})

test.each(['true', 'True', 'TRUE', 'tRuE'])('DEBUG=%s picks the file for development', (debug) => {
  expect(files(both, { DEBUG: debug })).toEqual(['/srv/shop/docker-compose.dev.yml'])
})

test.each(['', 'false', '1', 'yes', 'truee'])('DEBUG=%s picks the one for production', (debug) => {
  expect(files(both, { DEBUG: debug })).toEqual(['/srv/shop/docker-compose.prod.yml'])
})

test('without DEBUG it is the one for production', () => {
  expect(files(both)).toEqual(['/srv/shop/docker-compose.prod.yml'])
})

// Tried with Compose 2.26: it takes the first standard name and the first override, whatever each is called.
const standard: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'], ['compose.yaml']],
  [['compose.yml', 'docker-compose.yml'], ['compose.yml']],
  [['docker-compose.yaml', 'docker-compose.yml'], ['docker-compose.yml']],
  [['docker-compose.yaml'], ['docker-compose.yaml']],
  [
    ['compose.yaml', 'compose.override.yaml', 'compose.override.yml'],
    ['compose.yaml', 'compose.override.yml'],
  ],
  [
    ['docker-compose.yml', 'docker-compose.override.yaml'],
    ['docker-compose.yml', 'docker-compose.override.yaml'],
  ],
  [
    ['compose.yaml', 'docker-compose.override.yml'],
    ['compose.yaml', 'docker-compose.override.yml'],
  ],
  [
    ['docker-compose.yml', 'docker-compose.override.yml', 'compose.override.yaml'],
    ['docker-compose.yml', 'compose.override.yaml'],
  ],
]
test.each(standard)("falls back to Compose's standard names: %j", (there, expected) => {
  const absolute = expected.map((file) => `/srv/shop/${file}`)
  expect(files(there)).toEqual(absolute)
  expect(files(there, {}, { compose: { files: [] } })).toEqual(absolute)
})

test('the fallback is the standard name, not the file of the other mode', () => {
  expect(files(['docker-compose.prod.yml', 'compose.yaml'], { DEBUG: 'true' })).toEqual([
    '/srv/shop/compose.yaml',
  ])
  expect(refusal(['docker-compose.prod.yml'], { DEBUG: 'true' })).toEqual([
    'Cannot deploy shop: there is no Compose file in /srv/shop',
    'Tried docker-compose.dev.yml, compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml; set `compose.debug` of the app',
  ])
})

test('an override does not stand beside a named file', () => {
  expect(files(['docker-compose.prod.yml', 'compose.override.yml'])).toEqual([
    '/srv/shop/docker-compose.prod.yml',
  ])
})

test('several named files are given in their order, and the first one names the folder', () => {
  const compose = { files: ['deploy/b.yml', 'a.yml'], debug: ['d.yml', 'missing.yml'] }
  const { directory, files: named } = select(['a.yml', 'deploy/b.yml'], {}, { compose })
  expect([directory, named]).toEqual(['/srv/shop/deploy', ['/srv/shop/deploy/b.yml', '/srv/shop/a.yml']])
  expect(refusal(['deploy/b.yml', 'compose.yaml'], {}, { compose })).toEqual([
    'Cannot deploy shop: a.yml is not in /srv/shop',
    'Add it to the repository, or take it out of `compose.files`',
  ])
  expect(refusal(['d.yml'], { DEBUG: 'true' }, { compose })).toEqual([
    'Cannot deploy shop: missing.yml is not in /srv/shop',
    'Add it to the repository, or take it out of `compose.debug`',
  ])
})

test('an absolute file stays where it is', () => {
  const compose = { files: ['docker-compose.prod.yml', '/etc/shop/extra.yml'], envFiles: ['/etc/shop/env'] }
  const { files: named, envFiles } = select([...compose.files, ...compose.envFiles], {}, { compose })
  expect(named).toEqual(['/srv/shop/docker-compose.prod.yml', '/etc/shop/extra.yml'])
  expect(envFiles).toEqual(['/etc/shop/env'])
})

const envFiles: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
  ["the checkout's .env", [], ['.env'], ['/srv/shop/.env']],
  ['none where there is none', [], [], []],
  ['the one beside the Compose file, as Compose itself does', [], ['deploy/.env'], ['/srv/shop/deploy/.env']],
  ["the checkout's before that one", [], ['.env', 'deploy/.env'], ['/srv/shop/.env']],
  [
    'those named, in their order',
    ['b.env', 'a.env'],
    ['.env', 'a.env', 'b.env'],
    ['/srv/shop/b.env', '/srv/shop/a.env'],
  ],
  ['those named that are there', ['a.env', 'b.env'], ['.env', 'b.env'], ['/srv/shop/b.env']],
  ['none of those named is there', ['a.env'], ['.env'], []],
]
test.each(envFiles)('env files: %s', (_, named, there, expected) => {
  const compose = { files: ['deploy/compose.yaml'], envFiles: named }
  expect(select([...compose.files, ...there], {}, { compose }).envFiles).toEqual(expected)
})

const names: readonly (readonly [string, { project?: string; color?: string; env?: Env }, string])[] = [
  ["the app's name", {}, 'shop'],
  ['the configured project', { project: 'p_name_1' }, 'p_name_1'],
  ['the configured colour before it', { project: 'p_name_1', color: 'red' }, 'redp_name_1'],
  ['COLOR of the checkout wins', { color: 'red', env: { COLOR: 'blue' } }, 'blueshop'],
  ['an empty COLOR wins, too', { color: 'red', env: { COLOR: '' } }, 'shop'],
  ['upper case is lowered', { project: 'Shop-1', env: { COLOR: 'RED' } }, 'redshop-1'],
  ['a colour may begin with a digit', { env: { COLOR: '1' } }, '1shop'],
]
test.each(names)('project name: %s', (_, { env, ...options }, expected) => {
  expect(projectName(app(options), env)).toBe(expected)
  expect(select(both, env, options).name).toBe(expected)
})

const badNames: readonly (readonly [string, string])[] = [
  ['', ''],
  ['-', 'shop'],
  ['_', 'shop'],
  ['-p', ''],
  ['light blue', 'shop'],
  ['ré', 'shop'],
  ['red', 'shop.1'],
  ['red', 'a/b'],
  ['red', 'x\n'],
  ['', '東京'],
]
test.each(badNames)('refuses in words what Compose would refuse: COLOR %j, project %j', (color, project) => {
  expect(() => projectName(app({ project }), { COLOR: color })).toThrow(
    expect.objectContaining({
      code: 'project_name_invalid',
      message: `Cannot deploy shop: ${JSON.stringify(color + project)} (COLOR ${JSON.stringify(color)}, project ${JSON.stringify(project)}) is no name for a Compose project`,
      hint: 'Use letters, digits, - and _, beginning with a letter or digit',
    }),
  )
})

/** Why there is no project: message and hint. */
function refusal(...args: Parameters<typeof select>): readonly (string | undefined)[] {
  try {
    select(...args)
  } catch (error) {
    if (isDeployError(error, 'compose_invalid')) return [error.message, error.hint]
    throw error
  }
  return []
}
