import { appDefaults } from '@fairway/core'
import { expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { check, folder, load, shop } from './support.ts'

/** The block of the documentation, without what doesn't work yet; examples are left out where it calls them so. */
const documented = `
server:
  host: 127.0.0.1
  port: 8000
  dataDir: .fairway
  logFile: webhook_server.log
  logFormat: text
  concurrency: 2
  statusPage: true
  trustedProxies: []
  catchUp: 5m
  keep: { deliveries: 30d, deployments: 200, logs: 30d }
  disk: { minFree: 2GB }
webhook:
  secrets: ["\${GITHUB_WEBHOOK_SECRET}"]
  allowUnsigned: false
apps:
  sample_project1:
    repository: acme/sample_project1
    path: \${SAMPLE_PROJECT_1_PATH}
    enabled: true
    webhookSecrets: []
    compose:
      files: [docker-compose.prod.yml]
      debug: [docker-compose.dev.yml]
      profiles: []
      envFiles: []
    paths: ["**"]
    rebuild:
      mode: auto
      triggers: [requirements.txt, Dockerfile, Dockerfile.dev, Dockerfile.prod, .dockerignore, .env]
      triggerFile: REBUILD_TRIGGER
      refreshBase: null
    rollout:
      healthTimeout: 60s
      settle: 3s
    timeouts: { git: 2m, build: 20m, up: 5m }
ignore: [deployer]
`

const short = `
apps:
  sample_project1:
    repository: acme/sample_project1
    path: \${SAMPLE_PROJECT_1_PATH}
`

const environment = {
  SAMPLE_PROJECT_1_PATH: '/srv/one',
  GITHUB_WEBHOOK_SECRET: 'a-secret-of-32-characters-at-least',
}

test('the documented values are the defaults', async () => {
  const directory = folder({ 'long.yaml': documented, 'short.yaml': short })
  const long = await load(documented, { file: `${directory}/long.yaml`, environment })
  const defaults = await load(short, { file: `${directory}/short.yaml`, environment })
  const { file: _long, watched: _longWatched, ...written } = long
  const { file: _short, watched: _shortWatched, ...filled } = defaults
  expect(written).toEqual(filled)
  expect(filled).toEqual({
    server: {
      host: '127.0.0.1',
      port: 8000,
      dataDir: `${directory}/.fairway`,
      logFile: `${directory}/webhook_server.log`,
      logFormat: 'text',
      concurrency: 2,
      statusPage: true,
      trustedProxies: [],
      catchUp: 300_000,
      keep: { deliveries: 2_592_000_000, deployments: 200, logs: 2_592_000_000 },
      disk: { minFree: 2_000_000_000 },
    },
    secrets: [{ id: 'webhook.secrets[0]', value: environment.GITHUB_WEBHOOK_SECRET }],
    allowUnsigned: false,
    apps: [
      {
        name: 'sample_project1',
        repository: 'acme/sample_project1',
        path: '/srv/one',
        project: 'sample_project1',
        webhookSecretIds: [],
        ...appDefaults,
      },
    ],
    ignore: ['deployer'],
    warnings: [],
  })
})

test("the documentation's examples are read as they stand there", async () => {
  const { apps } = await load(
    `
apps:
  sample_project1:
    repository: acme/sample_project1
    branch: main
    path: \${SAMPLE_PROJECT_1_PATH}
    url: git@github.com:acme/sample_project1.git
    project: p_name_1
    color: red
    compose:
      environment: { TAG: "\${TAG}" }
    rollout: { probe: http://web:8080/healthz }
    migrate: { service: migrate }
    hooks: { beforeUp: [[./check, --all]], afterUp: [], onFailure: [] }
`,
    { environment: { ...environment, TAG: 'v1' } },
  )
  expect(apps[0]).toMatchObject({
    branch: 'main',
    url: 'git@github.com:acme/sample_project1.git',
    project: 'p_name_1',
    color: 'red',
    compose: { environment: { TAG: 'v1' } },
    rollout: { probe: 'http://web:8080/healthz' },
    migrate: { service: 'migrate' },
    hooks: { beforeUp: [['./check', '--all']], afterUp: [], onFailure: [] },
  })
})

test('an empty configuration has every default and a warning', async () => {
  for (const yaml of ['', '# nothing yet\n', 'apps:\n', 'server:\nwebhook:\napps: {}\n']) {
    const config = await load(yaml)
    expect(config).toMatchObject({ server: { port: 8000 }, secrets: [], apps: [], ignore: ['deployer'] })
    expect(config.warnings).toEqual(['There are no apps in the configuration: nothing will be deployed'])
  }
})

test('a section of an app whose keys are commented out means the defaults', async () => {
  const yaml = 'apps:\n  shop:\n    repository: acme/shop\n    path: /srv/shop\n'
  const sections =
    '    compose:\n      environment:\n    rebuild:\n    rollout:\n    migrate:\n    hooks:\n    timeouts:\n'
  const [plain, commented] = [await load(yaml), await load(yaml + sections)]
  expect(commented.apps).toEqual(plain.apps)
})

test('an app keeps what is set beside what is not', () => {
  const app = {
    ...shop,
    timeouts: { build: '1h' },
    rebuild: { mode: 'triggers' },
    compose: { profiles: ['web'] },
  }
  expect(check({ apps: { shop: app } }).apps[0]).toMatchObject({
    timeouts: { ...appDefaults.timeouts, build: 3_600_000 },
    rebuild: { ...appDefaults.rebuild, mode: 'triggers' },
    compose: { ...appDefaults.compose, profiles: ['web'] },
  })
})

test('relative paths are relative to the folder of the file, or to the current directory', async () => {
  const yaml =
    'server: { dataDir: data, logFile: logs/f.log }\napps:\n  shop: { repository: acme/shop, path: ../shop }\n'
  const directory = folder({ 'etc/f.yaml': yaml })
  const { server, apps, file, watched } = await load('', { file: 'etc/f.yaml', directory })
  expect(server).toMatchObject({ dataDir: `${directory}/etc/data`, logFile: `${directory}/etc/logs/f.log` })
  expect(apps[0]?.path).toBe(`${directory}/shop`)
  expect({ file, watched }).toEqual({
    file: `${directory}/etc/f.yaml`,
    watched: [`${directory}/etc/f.yaml`, `${directory}/etc/.env`],
  })

  const object = check({ apps: { shop: { ...shop, path: 'shop' } } }, { directory: '/srv' })
  expect(object).toMatchObject({
    server: { dataDir: '/srv/.fairway' },
    apps: [{ path: '/srv/shop' }],
    watched: [],
  })
  expect(object).not.toHaveProperty('file')
})

test('logFile may be null: console only', async () => {
  expect((await load('server: { logFile: null }')).server.logFile).toBeNull()
})

test('a disabled app is not there, nor are its secrets', () => {
  const off = { ...shop, enabled: false, webhookSecrets: ['0123456789abcdef'] }
  const config = check({ apps: { off, shop: { ...shop, path: '/srv/shop2' } } })
  expect(config.apps.map(({ name }) => name)).toEqual(['shop'])
  expect(config.secrets).toEqual([])
})

test('an object is typed as the file is written', () => {
  const config = checkConfig(
    {
      server: { port: 0, logFile: null, statusPage: 'false' },
      webhook: { secrets: [undefined, '0123456789abcdef'] },
      apps: {
        shop: { ...shop, timeouts: { git: '1m' }, compose: { environment: { PORT: 8080, DEBUG: true } } },
      },
    },
    { environment: {}, directory: '/' },
  )
  expect(config.apps[0]?.compose.environment).toEqual({ PORT: '8080', DEBUG: 'true' })
  // @ts-expect-error A key that isn't known doesn't compile either.
  expect(() => checkConfig({ server: { prot: 1 } }, { environment: {} })).toThrow('did you mean port?')
})
