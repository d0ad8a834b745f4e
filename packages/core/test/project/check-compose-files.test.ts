import { expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import { type FoundProject, readProject } from '../../src/project/read-project.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'
import { aliasBomb } from '../support/alias-bomb.ts'

const plain = 'services: { web: { image: x } }\n'

/** Reads a project of files in memory. */
function read(
  files: Readonly<Record<string, string>>,
  compose: Partial<App['compose']> = {},
): Promise<FoundProject> {
  const app = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop', compose })
  const entries = Object.entries(files).map(([name, text]) => [
    name.startsWith('/') ? name : `/srv/shop/${name}`,
    text,
  ])
  return readProject(app, { files: fakeFiles(Object.fromEntries(entries)), git: fakeGit() })
}

const bombs: readonly (readonly [name: string, files: Readonly<Record<string, string>>, file: string])[] = [
  ['in the Compose file', { 'compose.yaml': aliasBomb(7) }, 'compose.yaml'],
  [
    'in the override',
    { 'compose.yaml': plain, 'compose.override.yml': aliasBomb(7) },
    'compose.override.yml',
  ],
  ['in an included file', { 'compose.yaml': 'include: [a/b.yaml]', 'a/b.yaml': aliasBomb(6) }, 'a/b.yaml'],
  [
    'in an extended file',
    {
      'compose.yaml': 'services: { web: { extends: { file: a.yaml, service: x } } }',
      'a.yaml': aliasBomb(6),
    },
    'a.yaml',
  ],
  [
    'two includes away',
    {
      'compose.yaml': 'include: [a.yaml]',
      'a.yaml': 'include: [b.yaml, compose.yaml]',
      'b.yaml': aliasBomb(6),
    },
    'b.yaml',
  ],
]
test.each(bombs)(
  'S18: aliases that multiply are refused before Compose reads them: %s',
  async (_name, files, file) => {
    await expect(read(files)).rejects.toMatchObject({
      code: 'compose_invalid',
      message: `Cannot deploy shop: ${file} expands to more than 100,000 nodes by its aliases`,
      hint: expect.stringContaining('Nothing was built or started') as string,
    })
  },
)

test('S18: many files together may not expand to more than one alone', async () => {
  const includes = Array.from({ length: 12 }, (_, index) => `${index}.yaml`)
  const each = includes.map((name) => [name, aliasBomb(4)] as const)
  const files = { 'compose.yaml': `include: [${includes.join(', ')}]`, ...Object.fromEntries(each) }
  await expect(read(files)).rejects.toThrow('expands to more than 100,000 nodes')
})

test('S18: an alias that stands for what it is part of is refused, aliases as people use them are not', async () => {
  await expect(read({ 'compose.yaml': 'x-a: &a { b: *a }' })).rejects.toThrow(
    'Cannot deploy shop: compose.yaml has an alias that stands for what it is part of',
  )
  const base = 'x-base: &base { image: x, labels: { a: b }, environment: [A=1, B=2] }\nservices:\n'
  const services = Array.from(
    { length: 1_000 },
    (_, index) => `  web${index}: { <<: *base, restart: always }\n`,
  )
  expect((await read({ 'compose.yaml': base + services.join('') })).project.name).toBe('shop')
})

test('S18: a file of more than 1 MiB is not read', async () => {
  await expect(read({ 'compose.yaml': `# ${'x'.repeat(1024 * 1024)}\n${plain}` })).rejects.toThrow(
    'Cannot read /srv/shop/compose.yaml: it is larger than 1 MiB',
  )
})

test('S4: what lies elsewhere is refused by file and value', async () => {
  const files = { 'compose.yaml': 'include: [a.yaml]', 'a.yaml': 'include: [oci://registry.example/shop:1]' }
  await expect(read(files)).rejects.toMatchObject({
    code: 'compose_invalid',
    message:
      'Cannot deploy shop: include in a.yaml names oci://registry.example/shop:1, which is not in the repository',
  })
  const extended = 'services: { web: { extends: { file: "https://example.org/x.git", service: web } } }'
  await expect(read({ 'compose.yaml': extended })).rejects.toThrow(
    'services.web.extends.file in compose.yaml names https://example.org/x.git',
  )
})

test('F23: whether the YAML is valid is for Compose to say', async () => {
  for (const text of ['services: [', '', 'a: *none', '\t', plain.repeat(2)]) {
    expect((await read({ 'compose.yaml': text })).project.files).toEqual(['/srv/shop/compose.yaml'])
  }
})

test('includes in a circle, of what is not there and of what lies outside are for Compose, too', async () => {
  const files = {
    'compose.yaml': 'include: [compose.yaml, none.yaml, ../outside.yaml]',
    '/srv/outside.yaml': aliasBomb(7),
  }
  expect((await read(files)).composeFiles.texts).toHaveLength(1)
})

test('S20: an env file with settings of Compose is warned about by names, not values', async () => {
  const env = 'TAG=1\nCOMPOSE_FILE=../other.yaml\nCOMPOSE_PROFILES=jobs\nDOCKER_HOST=tcp://geheim:2375\n'
  expect((await read({ 'compose.yaml': plain, '.env': env })).warnings).toEqual([
    '/srv/shop/.env sets COMPOSE_PROFILES, which Compose takes from there',
    '/srv/shop/.env sets COMPOSE_FILE, DOCKER_HOST, which a deployment does not take from there',
  ])
  const files = { 'compose.yaml': plain, '.env': 'TAG=1\n', 'a.env': env }
  expect((await read(files, { envFiles: ['a.env'], profiles: ['web'] })).warnings).toEqual([
    '/srv/shop/a.env sets COMPOSE_FILE, COMPOSE_PROFILES, DOCKER_HOST, which a deployment does not take from there',
  ])
  expect((await read({ 'compose.yaml': plain, '.env': 'TAG=1\n' })).warnings).toEqual([])
})
