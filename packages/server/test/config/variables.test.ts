import { expect, test } from 'vitest'
import { check, complaints, errorOf, folder, load, mistakesOf, shop } from './support.ts'

const app = (extra = ''): string => `apps:\n  shop:\n    repository: acme/shop\n    path: /srv/shop\n${extra}`

test('the environment wins over .env, which lies beside the file', async () => {
  const files = { '.env': 'PORT_A=1000\nPORT_B=2000\nGITHUB_WEBHOOK_SECRET="from the file"\n' }
  expect((await load('server: { port: "${PORT_A}" }', { files })).server.port).toBe(1000)
  const config = await load('server: { port: "${PORT_B}" }', { files, environment: { PORT_B: '3000' } })
  expect(config.server.port).toBe(3000)
  expect(config.secrets).toEqual([{ id: 'webhook.secrets[0]', value: 'from the file' }])
})

test('.env is not put into this process', async () => {
  await load('', { files: { '.env': 'FAIRWAY_TEST_LEAK=1\n' } })
  expect(process.env['FAIRWAY_TEST_LEAK']).toBeUndefined()
})

test('an object is read with the environment alone', () => {
  const directory = folder({ '.env': 'TAG=v1' })
  expect(complaints({ apps: { shop: { ...shop, branch: '${TAG}' } } }, { directory })).toEqual([
    'apps.shop.branch: needs TAG, which is not set: set it in the environment or in .env beside the configuration',
  ])
})

test.each([
  ['${A}', 'one'],
  ['${A}-${B}', 'one-two'],
  ['x${A}', 'xone'],
  ['$A', '$A'],
  ['a$$b', 'a$$b'],
  ['$${A}', '${A}'],
  ['$${A}${B}', '${A}two'],
  ['${NESTED}', '${A}'],
])('%s becomes %s', (text, expected) => {
  const environment = { A: 'one', B: 'two', NESTED: '${A}' }
  expect(check({ webhook: { secrets: [text] } }, { environment }).secrets[0]?.value).toBe(expected)
})

test.each(['${A:-x}', '${}', '${1A}', '${A', '${A B}'])('%s is a mistake', (text) => {
  expect(complaints({ server: { host: text } }, { environment: { A: 'x' } })).toEqual([
    'server.host: has a ${ that is not ${NAME}: nothing else is replaced (for a plain ${ write $${)',
  ])
})

test('numbers, booleans and durations may come from variables', () => {
  const input = {
    server: { port: '${P}', concurrency: '${C}', statusPage: '${S}', logFormat: '${F}' },
    webhook: { allowUnsigned: '${U}' },
    apps: { shop: { ...shop, enabled: '${E}', timeouts: { git: '${G}' } } },
  }
  const environment = { P: '9000', C: '4', S: 'false', F: 'json', U: 'True', E: 'true', G: '90s' }
  expect(check(input, { environment })).toMatchObject({
    server: { port: 9000, concurrency: 4, statusPage: false, logFormat: 'json' },
    allowUnsigned: true,
    apps: [{ timeouts: { git: 90_000 } }],
  })
})

test('names of Object are variables like any other', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(complaints({ server: { host: `\${${name}}` } })).toEqual([
      expect.stringContaining(`needs ${name}, which is not set`),
    ])
  }
})

test('an unset variable is a mistake, told once', () => {
  const input = {
    server: { port: '${P}' },
    apps: { shop: { ...shop, repository: '${R}', compose: { files: ['${F}'] } } },
  }
  expect(complaints(input).map((complaint) => complaint.split(', which')[0])).toEqual([
    'server.port: needs P',
    'apps.shop.repository: needs R',
    'apps.shop.compose.files[0]: needs F',
  ])
})

test('an unset or empty variable in `path` turns the app off, with a warning', () => {
  const apps = {
    one: { repository: 'acme/one', path: '${ONE}' },
    two: { repository: 'acme/two', path: '${TWO}/x' },
    shop,
  }
  const config = check({ apps }, { environment: { TWO: '' } })
  expect(config.apps.map(({ name }) => name)).toEqual(['shop'])
  expect(config.warnings).toEqual([
    'apps.one is off: its path needs ONE, which has no value',
    'apps.two is off: its path needs TWO, which has no value',
  ])
})

test('an app that is off has its other mistakes told; one that is disabled, no warning', () => {
  expect(complaints({ apps: { one: { repository: 'acme/one', path: '${ONE}', color: '!' } } })).toHaveLength(
    1,
  )
  expect(
    check({ apps: { one: { repository: 'acme/one', path: '${ONE}', enabled: false } } }).warnings,
  ).toEqual([])
})

test('an unset entry of webhook.secrets is dropped; the others keep their ids', () => {
  const input = { webhook: { secrets: ['${OLD}', '${NEW}', undefined, 'literal'] } }
  expect(check(input, { environment: { NEW: 'new' } }).secrets).toEqual([
    { id: 'webhook.secrets[1]', value: 'new' },
    { id: 'webhook.secrets[3]', value: 'literal' },
  ])
})

test('secrets of an app have ids of their own, and must be set', () => {
  const apps = { shop: { ...shop, webhookSecrets: ['one', '${TWO}'] } }
  const config = check({ apps }, { environment: { TWO: 'two', GITHUB_WEBHOOK_SECRET: 'global' } })
  expect(config.secrets).toEqual([
    { id: 'webhook.secrets[0]', value: 'global' },
    { id: 'apps.shop.webhookSecrets[0]', value: 'one' },
    { id: 'apps.shop.webhookSecrets[1]', value: 'two' },
  ])
  expect(config.apps[0]?.webhookSecretIds).toEqual([
    'apps.shop.webhookSecrets[0]',
    'apps.shop.webhookSecrets[1]',
  ])
  expect(complaints({ apps })).toEqual([expect.stringContaining('apps.shop.webhookSecrets[1]: needs TWO')])
})

test('an unset variable of compose.environment is not passed; others are, as they are written', async () => {
  const yaml = app(
    '    compose:\n      environment: { A: "${A}", B: "${B}", C: 1.10, D: true, E: 0x1F, F: "" }\n',
  )
  const { apps } = await load(yaml, { environment: { B: 'b' } })
  expect(apps[0]?.compose.environment).toEqual({ B: 'b', C: '1.10', D: 'true', E: '0x1F', F: '' })
})

test('NAME_FILE stands in for NAME, trimmed, relative to the configuration', async () => {
  const files = { 'run/secret': '  from a file\n', '.env': 'GITHUB_WEBHOOK_SECRET_FILE=run/secret\n' }
  expect((await load('', { files })).secrets[0]?.value).toBe('from a file')
  const environment = { GITHUB_WEBHOOK_SECRET: 'set' }
  expect((await load('', { files, environment })).secrets[0]?.value).toBe('set')
})

test('NAME_FILE works for every variable', async () => {
  const directory = folder({ 'fairway.yaml': app('    branch: ${BRANCH}\n'), branch: 'release\n' })
  const { apps } = await load('', { directory, environment: { BRANCH_FILE: `${directory}/branch` } })
  expect(apps[0]?.branch).toBe('release')
})

test('a NAME_FILE that is not there is a mistake, also where unset is none', async () => {
  const environment = { GITHUB_WEBHOOK_SECRET_FILE: '/nowhere', SHOP_FILE: '/' }
  const yaml = 'apps:\n  shop: { repository: acme/shop, path: "${SHOP}" }\n'
  expect(await mistakesOf(load(yaml, { environment }))).toEqual([
    {
      path: 'webhook.secrets[0]',
      message: 'GITHUB_WEBHOOK_SECRET_FILE names a file that cannot be read (ENOENT)',
    },
    { path: 'apps.shop.path', message: 'SHOP_FILE names a file that cannot be read (EISDIR)', line: '2:34' },
  ])
})

test('HOST, PORT and FAIRWAY_DATA win over the file, flags over both; empty ones count as unset', async () => {
  const yaml = 'server: { host: 10.0.0.1, port: 1, dataDir: a, logFormat: text }'
  const environment = { HOST: '10.0.0.2', PORT: '2', FAIRWAY_DATA: '/b' }
  expect((await load(yaml, { environment })).server).toMatchObject({
    host: '10.0.0.2',
    port: 2,
    dataDir: '/b',
  })
  const flags = { host: '10.0.0.3', port: '3', logFormat: 'json' }
  expect((await load(yaml, { environment, flags })).server).toMatchObject({
    ...flags,
    port: 3,
    dataDir: '/b',
  })
  const empty = { HOST: '', PORT: '', FAIRWAY_DATA: '' }
  expect((await load(yaml, { environment: empty })).server).toMatchObject({ host: '10.0.0.1', port: 1 })
  expect((await load('', { files: { '.env': 'PORT=4' } })).server.port).toBe(4)
})

test('what the environment or a flag decides is not asked of the file', async () => {
  const { server } = await load('server: { port: "${UNSET}", host: "a b" }', {
    flags: { port: 5 },
    environment: { HOST: '::1' },
  })
  expect(server).toMatchObject({ port: 5, host: '::1' })
})

test('a mistake in the environment or a flag names it, and no line of the file', async () => {
  const error = await errorOf(
    load('server: { port: 1 }', { environment: { PORT: 'x' }, flags: { logFormat: 'xml' } }),
  )
  expect(error.mistakes).toEqual([
    { path: 'server.port', message: 'must be a whole number from 0 to 65535 (from PORT)' },
    { path: 'server.logFormat', message: 'must be one of text, json (from --log)' },
  ])
})

test('no message repeats what a variable held', () => {
  const secret = 'hunter2!hunter2!'
  const keys = ['repository', 'branch', 'path', 'url', 'enabled', 'project', 'color']
  const one = Object.fromEntries(keys.map((key) => [key, key === 'path' ? '~/${S}' : '${S}:${S}']))
  const apps = {
    one: {
      ...one,
      timeouts: { git: '${S}' },
      compose: { files: ['/${S}'], profiles: ['${S}'] },
      rebuild: { mode: '${S}' },
    },
  }
  const found = complaints(
    { server: { host: '${S} ', port: '${S}', logFormat: '${S}' }, apps, ignore: ['${S}'] },
    { environment: { S: secret } },
  )
  expect(found.length).toBeGreaterThanOrEqual(14)
  expect(found.join('\n')).not.toContain('hunter2')
})
