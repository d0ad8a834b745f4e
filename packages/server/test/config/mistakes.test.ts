import { expect, test } from 'vitest'
import { appComplaints, check, complaints, errorOf, load, shop } from './support.ts'

test('ten mistakes are told in one run, in the order of the file, each with its place', async () => {
  const yaml = `
server:
  prot: 8000
  concurrency: 0
webhook:
  secrets: abc
apps:
  shop:
    repository: acme/shop
    path: \${SHOP}
    branch: refs/heads/main
    timeouts:
      git: 2 minutes
  Blog:
    path: /srv/blog
    url: ext::sh -c x
    compose: { files: [../x.yml] }
ignored: []
`
  const error = await errorOf(load(yaml, { environment: { SHOP: '/srv/blog' } }))
  expect(error.mistakes.map(({ line, path, message }) => `${line} ${path}: ${message}`)).toEqual([
    '3:3 server.prot: is not a known key (did you mean port?)',
    '4:3 server.concurrency: must be a whole number of at least 1',
    '6:3 webhook.secrets: must be a list',
    '11:5 apps.shop.branch: must be the branch alone, such as main, without refs/heads/',
    '13:7 apps.shop.timeouts.git: must be a duration such as 30s, 2m or 1h',
    '14:3 apps.Blog.repository: is missing',
    '14:3 apps.Blog: is not a name for an app: use lower-case letters, digits, - and _ (63 at most), beginning with a letter or digit',
    "15:5 apps.Blog.path: is the same checkout as that of apps.shop: two apps can't share one",
    expect.stringMatching(/^16:5 apps\.Blog\.url: must not name a remote helper/),
    '17:24 apps.Blog.compose.files[0]: must stay inside the checkout',
    '18:1 ignored: is not a known key (did you mean ignore?)',
  ])
  expect(error.name).toBe('ConfigError')
  const lines = error.message.split('\n')
  expect(lines).toHaveLength(error.mistakes.length)
  expect(lines[0]).toMatch(/^\/.*\/fairway\.yaml:3:3: server\.prot: is not a known key/)
})

test('a configuration with mistakes says at once what `serve` would refuse beside', async () => {
  const yaml =
    'server: { port: x, host: 0.0.0.0 }\nwebhook: { secrets: [short], allowUnsigned: true }\napps:\n  shop: { repository: acme/shop, path: /srv/shop, webhookSecrets: [""] }\n'
  const { mistakes, serveMistakes } = await errorOf(load(yaml))
  expect(mistakes.map(({ path }) => path)).toEqual(['server.port'])
  expect(serveMistakes.map(({ path }) => path)).toEqual([
    'webhook.secrets[0]',
    'apps.shop.webhookSecrets[0]',
    'webhook.allowUnsigned',
  ])
  expect(
    (await errorOf(load('webhook: { secrets: 1 }\napps:\n  a: { repository: x/y, path: /a }\n')))
      .serveMistakes,
  ).toEqual([])
})

test.each([
  ['server.triggerFil', { server: { triggerFil: 1 } }, 'apps.NAME.rebuild.triggerFile', false],
  ['server.Port', { server: { Port: 1 } }, 'port', true],
  ['port', { port: 1 }, 'server.port', true],
  ['secrets', { secrets: [] }, 'webhook.secrets', true],
  [
    'apps.shop.healthTimeout',
    { apps: { shop: { ...shop, healthTimeout: '1m' } } },
    'apps.shop.rollout.healthTimeout',
    true,
  ],
  ['apps.shop.repo', { apps: { shop: { ...shop, repo: 'x' } } }, 'repository', false],
  ['apps.shop.compose.file', { apps: { shop: { ...shop, compose: { file: [] } } } }, 'files', true],
  ['apps.shop.pathes', { apps: { shop: { ...shop, pathes: ['**'] } } }, 'paths', true],
])('%s is unknown', (path, input, meant, suggests) => {
  expect(complaints(input)).toEqual([
    `${path}: is not a known key${suggests ? ` (did you mean ${meant}?)` : ''}`,
  ])
})

test.each([
  [
    { server: [] },
    'server: must be a section with host, port, dataDir, logFile, logFormat, concurrency, statusPage, trustedProxies',
  ],
  [{ webhook: 'x' }, 'webhook: must be a section with secrets, allowUnsigned'],
  [{ apps: [] }, 'apps: must be a section of apps'],
  [{ apps: { shop: null } }, 'apps.shop: must be a section with '],
  [{ apps: { shop: 'x' } }, 'apps.shop: must be a section with '],
  [[], ': must be a section with server, webhook, apps, ignore'],
  ['text', ': must be a section with server, webhook, apps, ignore'],
  [{ ignore: 'deployer' }, 'ignore: must be a list'],
  [{ ignore: [1] }, 'ignore[0]: must be text: put it in quotes'],
  [{ webhook: { secrets: null } }, 'webhook.secrets: must be a list'],
  [{ webhook: { secrets: [1234567890123456] } }, 'webhook.secrets[0]: must be text: put it in quotes'],
  [{ webhook: { allowUnsigned: 'yes' } }, 'webhook.allowUnsigned: must be true or false'],
  [{ server: { statusPage: 1 } }, 'server.statusPage: must be true or false'],
  [{ server: { port: -1 } }, 'server.port: must be a whole number from 0 to 65535'],
  [{ server: { port: 65_536 } }, 'server.port: must be a whole number from 0 to 65535'],
  [{ server: { port: 80.5 } }, 'server.port: must be a whole number from 0 to 65535'],
  [{ server: { port: '0x50' } }, 'server.port: must be a whole number from 0 to 65535'],
  [{ server: { port: null } }, 'server.port: must be a whole number from 0 to 65535'],
  [{ server: { concurrency: 0 } }, 'server.concurrency: must be a whole number of at least 1'],
  [{ server: { concurrency: Number.NaN } }, 'server.concurrency: must be a whole number of at least 1'],
  [{ server: { host: '' } }, 'server.host: must not be empty'],
  [{ server: { host: '[::1]' } }, 'server.host: must be written without brackets'],
  [{ server: { host: '0.0.0.0:80' } }, 'server.host: must be an address or a host name, without a port'],
  [{ server: { host: 'http://x' } }, 'server.host: must be an address or a host name, without a port'],
  [{ server: { logFormat: 'pretty' } }, 'server.logFormat: must be one of text, json'],
  [
    { server: { logFile: '~/x.log' } },
    'server.logFile: must not begin with ~, which only a shell knows: write ${HOME}',
  ],
  [{ server: { dataDir: 'a\0b' } }, 'server.dataDir: must not have control characters in it'],
])('%j: %s', (input, message) => {
  expect(complaints(input)).toEqual([expect.stringContaining(message)])
})

test('ports from 0 to 65535 and hosts of every kind are fine', () => {
  for (const port of [0, 1, 65_535, '0', ' 8080 ']) expect(complaints({ server: { port } })).toEqual([])
  for (const host of ['0.0.0.0', '::', '::1', 'localhost', 'web_1', 'a.example.com']) {
    expect(complaints({ server: { host } })).toEqual([])
  }
})

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['1.5h', 5_400_000],
  [' 10s ', 10_000],
])('%s is %i milliseconds', (text, milliseconds) => {
  expect(check({ apps: { shop: { ...shop, timeouts: { git: text } } } }).apps[0]?.timeouts.git).toBe(
    milliseconds,
  )
})

test.each([
  ['30', 'must be a duration such as 30s, 2m or 1h: the unit is missing'],
  [30, 'must be a duration such as 30s, 2m or 1h: the unit is missing'],
  ['', 'must be a duration such as 30s, 2m or 1h'],
  [' ', 'must be a duration such as 30s, 2m or 1h'],
  ['-1s', 'must be a duration such as 30s, 2m or 1h'],
  ['1w', 'must be a duration such as 30s, 2m or 1h'],
  ['1m30s', 'must be a duration such as 30s, 2m or 1h'],
  [true, 'must be a duration such as 30s, 2m or 1h'],
  ['0s', 'must be more than 0'],
  [0, 'must be more than 0'],
  ['600h', 'must be at most 596h'],
])('the duration %j: %s', (git, message) => {
  expect(appComplaints({ timeouts: { git } })).toEqual([`apps.shop.timeouts.git: ${message}`])
})

test('settle may be 0', () => {
  for (const settle of [0, '0', '0s']) expect(appComplaints({ rollout: { settle } })).toEqual([])
})

test('keys that mean something to JavaScript are unknown keys like any other', () => {
  for (const key of ['__proto__', 'constructor', 'toString']) {
    const input = JSON.parse(`{ "server": { ${JSON.stringify(key)}: { "port": 1 } } }`)
    expect(complaints(input)).toEqual([`server.${key}: is not a known key`])
  }
  expect(Object.prototype).not.toHaveProperty('port')
})
