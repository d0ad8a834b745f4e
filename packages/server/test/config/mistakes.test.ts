import { symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { appComplaints, check, complaints, errorOf, folder, load, mistakesOf, shop } from './support.ts'

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
  ['apps.shop.rollout.probe', { apps: { shop: { ...shop, rollout: { probe: 'x' } } } }, '', false],
  ['server.trustedProxies', { server: { trustedProxies: [] } }, '', false],
  ['server.keep', { server: { keep: {} } }, '', false],
  ['apps.shop.paths', { apps: { shop: { ...shop, paths: ['**'] } } }, 'path', true],
])('%s is unknown', (path, input, meant, suggests) => {
  expect(complaints(input)).toEqual([
    `${path}: is not a known key${suggests ? ` (did you mean ${meant}?)` : ''}`,
  ])
})

test.each([
  [
    { server: [] },
    'server: must be a section with host, port, dataDir, logFile, logFormat, concurrency, statusPage',
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
  ['', 'must be more than 0'],
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

test.each(['shop', 's', '1', 'a-b_c', 'constructor', 'hasownproperty', 'a'.repeat(63)])(
  'an app may be called %s',
  async (name) => {
    const { apps } = await load(`apps:\n  ${name}:\n    repository: acme/shop\n    path: /srv/shop\n`)
    expect(apps).toMatchObject([{ name, project: name, path: '/srv/shop' }])
  },
)

test.each(['Shop', '-a', '_a', 'a.b', 'a b', '', '__proto__', 'a'.repeat(64), 'ä'])(
  'an app may not be called %j',
  async (name) => {
    const yaml = `apps:\n  ${JSON.stringify(name)}:\n    repository: acme/shop\n    path: /srv/shop\n    project: shop\n`
    const [mistake, ...more] = await mistakesOf(load(yaml))
    expect(mistake).toMatchObject({
      message: expect.stringContaining('is not a name for an app'),
      line: '2:3',
    })
    expect(more).toEqual([])
  },
)

test.each([['acme/shop'], ['Acme.Inc/shop-1_x'], ['group/sub/shop']])('the repository %s', (repository) => {
  expect(check({ apps: { shop: { ...shop, repository } } }).warnings).toEqual([])
})

test('a bare repository name is warned about', () => {
  expect(check({ apps: { shop: { ...shop, repository: 'shop' } } }).warnings).toEqual([
    'apps.shop.repository is a bare name, which matches that repository of any owner: write owner/name',
  ])
})

test.each([
  ['', 'must not be empty'],
  ['acme/', 'must be owner/name, of letters, digits, - _ and .'],
  ['/shop', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme//shop', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme/..', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme/a b', 'must be owner/name, of letters, digits, - _ and .'],
  ['acme/shop.git', 'must be written without .git'],
  ['https://github.com/acme/shop', 'must be owner/name, not a URL (that is `url`)'],
  ['git@github.com:acme/shop', 'must be owner/name, not a URL (that is `url`)'],
  [7, 'must be text: put it in quotes'],
  [null, 'must be text'],
])('the repository %j: %s', (repository, message) => {
  expect(appComplaints({ repository })).toEqual([`apps.shop.repository: ${message}`])
})

test.each(['main', 'feature/x-1', 'v1.2', 'ümlaut', 'a@b'])('the branch %s', (branch) => {
  expect(appComplaints({ branch })).toEqual([])
})

test.each([
  ['-x', 'is not a name that git allows for a branch'],
  ['a..b', 'is not a name that git allows for a branch'],
  ['a b', 'is not a name that git allows for a branch'],
  ['a~1', 'is not a name that git allows for a branch'],
  ['a.lock', 'is not a name that git allows for a branch'],
  ['/a', 'is not a name that git allows for a branch'],
  ['HEAD', 'is not a name that git allows for a branch'],
  ['@{-1}', 'is not a name that git allows for a branch'],
  ['a\nb', 'must not have control characters in it'],
  ['refs/heads/main', 'must be the branch alone, such as main, without refs/heads/'],
  ['refs/tags/v1', 'must be a branch, such as main; other refs are not followed'],
  [1.1, 'must be text: put it in quotes'],
])('the branch %j: %s', (branch, message) => {
  expect(appComplaints({ branch })).toEqual([`apps.shop.branch: ${message}`])
})

test.each([
  [{ compose: { files: ['/etc/x.yml'] } }, 'compose.files[0]: must be relative to the checkout'],
  [{ compose: { files: ['a.yml', 'b/../../x.yml'] } }, 'compose.files[1]: must stay inside the checkout'],
  [{ compose: { debug: ['..'] } }, 'compose.debug[0]: must stay inside the checkout'],
  [{ compose: { files: ['.'] } }, 'compose.files[0]: must name a file'],
  [{ compose: { files: ['deploy/'] } }, 'compose.files[0]: must name a file'],
  [{ compose: { files: 'a.yml' } }, 'compose.files: must be a list'],
  [{ compose: { envFiles: ['../.env'] } }, 'compose.envFiles[0]: must stay inside the checkout'],
  [{ compose: { profiles: ['-x'] } }, 'compose.profiles[0]: is not a name that Compose allows for a profile'],
  [{ compose: { environment: { 'A B': 'x' } } }, 'compose.environment["A B"]: is not a name for a variable'],
  [{ compose: { environment: { A: null } } }, 'compose.environment.A: must be text'],
  [{ compose: { environment: { A: 'a\0b' } } }, 'compose.environment.A: must not have a NUL in it'],
  [{ compose: { environment: ['A=b'] } }, 'compose.environment: must be a section of variables'],
  [{ rebuild: { triggerFile: '../REBUILD' } }, 'rebuild.triggerFile: must stay inside the checkout'],
  [{ rebuild: { triggerFile: '/tmp/x' } }, 'rebuild.triggerFile: must be relative to the checkout'],
  [{ rebuild: { triggerFile: '.git/index' } }, 'rebuild.triggerFile: must not be in .git'],
  [{ rebuild: { triggerFile: null } }, 'rebuild.triggerFile: must be text'],
  [
    { rebuild: { triggers: ['api/Dockerfile'] } },
    'rebuild.triggers[0]: must be a file name without folders: it counts in every folder',
  ],
  [{ rebuild: { triggers: ['*.lock'] } }, 'rebuild.triggers[0]: must be a file name, not a pattern'],
  [{ rebuild: { mode: 'maybe' } }, 'rebuild.mode: must be one of auto, triggers, always, never'],
  [{ path: '~/shop' }, 'path: must not begin with ~, which only a shell knows: write ${HOME}'],
  [{ path: '' }, 'path: must not be empty'],
  [{ project: 'a b' }, 'project: must be letters, digits, - and _: Compose refuses anything else'],
  [{ project: '-shop' }, 'project: must begin with a letter or digit: Compose refuses anything else'],
  [{ color: 'réd' }, 'color: must be letters, digits, - and _: Compose refuses anything else'],
  [{ color: '_red' }, 'color: must begin with a letter or digit: Compose refuses anything else'],
])('%j: %s', (app, message) => {
  expect(appComplaints(app)).toEqual([`apps.shop.${message}`])
})

test.each([
  {
    compose: {
      files: ['deploy/a.yml', './b.yml', 'c/../d.yml'],
      debug: [],
      envFiles: ['/etc/shop.env', '.env.prod'],
      profiles: ['*', 'web.1'],
    },
  },
  { rebuild: { triggerFile: 'deploy/REBUILD', triggers: [] } },
  { project: 'P_name-1', color: 'Red' },
  { project: '-shop', color: 'red' },
  { color: '' },
])('%j is fine', (app) => {
  expect(appComplaints(app)).toEqual([])
})

test('two enabled apps may not share a checkout, also through a symbolic link', () => {
  const directory = folder({ 'real/.keep': '' })
  symlinkSync('real', `${directory}/link`)
  const apps = (one: string, two: string): object => ({
    apps: { one: { repository: 'a/one', path: one }, two: { repository: 'a/two', path: two } },
  })
  for (const [one, two] of [
    ['real', 'link'],
    ['real', './x/../real/'],
    ['real/new/x', 'link/new/x'],
  ] as const) {
    expect(complaints(apps(one, two), { directory })).toEqual([
      "apps.two.path: is the same checkout as that of apps.one: two apps can't share one",
    ])
  }
  expect(complaints(apps('real', 'real/inner'), { directory })).toEqual([])
})

test('two enabled apps may not share a Compose project, case aside and color included', () => {
  const pairs = (one: object, two: object): readonly string[] =>
    complaints({
      apps: {
        one: { repository: 'a/one', path: '/1', ...one },
        two: { repository: 'a/two', path: '/2', ...two },
      },
    })
  const message =
    'the Compose project of two, color included, has the same name as that of one: give one of them another project or color'
  expect(pairs({ project: 'Shop' }, { project: 'shop' })).toEqual([`apps.two.project: ${message}`])
  expect(pairs({ color: 'red', project: 'shop' }, { project: 'RedShop' })).toEqual([
    `apps.two.project: ${message}`,
  ])
  expect(pairs({ project: 'two' }, {})).toEqual([`apps.two.project: ${message}`])
  expect(pairs({ color: 'red', project: 'shop' }, { color: 'blue', project: 'shop' })).toEqual([])
  expect(pairs({ project: 'shop' }, { project: 'shop', enabled: 'false' })).toEqual([])
})

test('keys that mean something to JavaScript are unknown keys like any other', () => {
  for (const key of ['__proto__', 'constructor', 'toString']) {
    const input = JSON.parse(`{ "server": { ${JSON.stringify(key)}: { "port": 1 } } }`)
    expect(complaints(input)).toEqual([`server.${key}: is not a known key`])
  }
  expect(Object.prototype).not.toHaveProperty('port')
})
