import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configFile } from '../../src/config/config-file.ts'
import { errorOf, folder, load, mistakesOf } from './support.ts'

test('syntax errors name file, line and column', async () => {
  const error = await errorOf(load('server:\n  port: 1\n host: x\n'))
  expect(error.mistakes).toEqual([
    { path: '', message: 'All mapping items must start at the same column', line: '3:1' },
  ])
  expect(error.message).toMatch(/^\/.*\/fairway\.yaml:3:1: All mapping items/)
})

test.each([
  ['\tserver: 1', 'Tabs are not allowed as indentation'],
  ['a: b: c', 'Nested mappings are not allowed in compact mappings'],
  ['server: !foo { port: 1 }', 'Unresolved tag'],
  ['server: !!binary aGk=', 'Unresolved tag'],
  ['server: {}\n---\nserver: {}', 'Source contains multiple documents; please use YAML.parseAllDocuments()'],
  ['webhook: { secrets: [${A}] }', 'put "${NAME}" in quotes'],
  ['server: { port: ${A} }', 'put "${NAME}" in quotes'],
])('%j: %s', async (yaml, message) => {
  expect((await mistakesOf(load(yaml))).map((mistake) => mistake.message).join('\n')).toContain(message)
})

test.each([
  '}hunter2',
  'a: "\\qhunter2"',
  'webhook: { secrets: [hunter2',
  'a: @hunter2',
  'a: b\n"hunter2": ]hunter2',
  'a: *hunter2 hunter2',
])('no syntax error shows the file: %j', async (yaml) => {
  expect((await errorOf(load(yaml))).message).not.toContain('hunter2')
})

test('a key that is given twice is a mistake, beside the others', async () => {
  expect(await mistakesOf(load('server:\n  port: 1\n  host: ""\n  port: 2\nserver: {}\n'))).toEqual(
    [
      { path: 'server', message: 'is given twice', line: '5:1' },
      { path: 'server.port', message: 'is given twice', line: '4:3' },
    ].toSorted((a, b) => a.line.localeCompare(b.line)),
  )
})

test('anchors and aliases work', async () => {
  const { apps } = await load(`
apps:
  one: { repository: acme/one, path: /1, timeouts: &slow { build: 1h } }
  two: { repository: acme/two, path: /2, timeouts: *slow }
`)
  expect(apps.map(({ timeouts }) => timeouts.build)).toEqual([3_600_000, 3_600_000])
})

test.each([
  ['apps: &a { shop: *a }', 'apps.shop', 'contains itself'],
  ['ignore: [*nothing]', 'ignore[0]', 'there is no anchor &nothing before this alias'],
  ['? [a]\n: b', '', 'has a key that is not text'],
  ['~: b', '', 'has a key that is not text'],
  ['<<: { server: {} }', '["<<"]', 'is not a known key'],
])('%j', async (yaml, path, message) => {
  expect(await mistakesOf(load(yaml))).toContainEqual(expect.objectContaining({ path, message }))
})

test('a file that grows by aliases, is huge or deep is refused at once', async () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(10)}]`),
  ]
  expect((await errorOf(load(bomb.join('\n')))).message).toContain('has too many values')
  expect((await errorOf(load(`# ${'x'.repeat(300_000)}`))).message).toContain('is too large')
  expect((await errorOf(load('['.repeat(100_000)))).mistakes.length).toBeGreaterThan(0)
})

test('apps may be called like numbers and words of YAML', async () => {
  for (const name of ['123', 'true', 'on', 'null-1']) {
    expect((await load(`apps:\n  ${name}: { repository: acme/shop, path: /srv/shop }\n`)).apps[0]?.name).toBe(
      name,
    )
  }
})

test('--config is looked for from the current directory, before FAIRWAY_CONFIG, before fairway.yaml', async () => {
  const directory = folder({ 'a.yaml': '', 'b.yaml': '', 'fairway.yaml': '', 'system.yaml': '' })
  const environment = { FAIRWAY_CONFIG: 'b.yaml' }
  expect(await configFile({ file: 'a.yaml', environment, directory })).toBe(`${directory}/a.yaml`)
  expect(await configFile({ environment, directory })).toBe(`${directory}/b.yaml`)
  expect(await configFile({ environment: { FAIRWAY_CONFIG: '' }, directory })).toBe(
    `${directory}/fairway.yaml`,
  )
  const system = `${directory}/system.yaml`
  expect(await configFile({ environment: {}, directory: folder(), system })).toBe(system)
})

test('without a file the places tried are named', async () => {
  const directory = folder({ 'fairway.yaml': '' })
  const system = '/nowhere/fairway.yaml'
  expect((await errorOf(configFile({ environment: {}, directory: '/nowhere', system }))).message).toBe(
    'there is no configuration: tried FAIRWAY_CONFIG (not set), /nowhere/fairway.yaml and /nowhere/fairway.yaml; name one with --config',
  )
  expect((await errorOf(configFile({ file: 'x.yaml', environment: {}, directory }))).message).toBe(
    `there is no configuration at ${directory}/x.yaml, which --config names`,
  )
  expect((await errorOf(configFile({ environment: { FAIRWAY_CONFIG: '/x.yaml' }, directory }))).message).toBe(
    'there is no configuration at /x.yaml, which FAIRWAY_CONFIG names',
  )
})

test('a file or a .env that cannot be read is a mistake', async () => {
  const directory = folder({ 'fairway.yaml/x': '', 'other/fairway.yaml': '', 'other/.env/x': '' })
  expect((await errorOf(load('', { directory }))).message).toMatch(/fairway\.yaml: cannot be read: EISDIR/)
  expect((await errorOf(load('', { directory: `${directory}/other` }))).message).toMatch(
    /\.env: cannot be read: EISDIR/,
  )
})

test('a byte order mark and CRLF do no harm', async () => {
  const directory = folder()
  writeFileSync(`${directory}/fairway.yaml`, '\uFEFFserver:\r\n  port: 9000\r\n')
  expect((await load('', { directory })).server.port).toBe(9000)
})
