import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { explainConfig, loadConfig } from '@fairway/server'
import { expect, test } from 'vitest'
import { describeService } from '../../src/systemd/describe-service.ts'
import type { Service } from '../../src/systemd/service.ts'
import { folder } from '../support.ts'

const ada = { name: 'ada', uid: 1000, gid: 1000, home: '/var/lib/ada' }
const accounts = { users: [ada], groups: [{ name: 'docker', gid: 999, members: ['ada'] }] }
const apps = 'apps:\n  shop: { repository: acme/shop, path: /srv/shop }\n'
const server =
  'server: { dataDir: /var/lib/fairway, logFile: /var/log/fairway/webhook.log }\nwebhook: { secrets: ["${GITHUB_WEBHOOK_SECRET}"] }\n'

interface Given {
  readonly yaml?: string
  readonly dotEnv?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly home?: string
}

async function describe({
  yaml = apps,
  dotEnv = '',
  environment = {},
  home = ada.home,
}: Given): Promise<Service> {
  const directory = await folder({ 'fairway.yaml': `${server}${yaml}`, '.env': dotEnv })
  const source = { environment, directory }
  const [config, explained] = await Promise.all([loadConfig(source), explainConfig(source)])
  return describeService({
    // As if it lay in /etc: where a test may write is /tmp, which is a case of its own.
    config: { ...config, file: '/etc/fairway/fairway.yaml' },
    explained,
    user: { ...ada, home },
    accounts,
    environment,
    fairway: ['/usr/bin/node', '/usr/lib/fairway.js'],
  })
}

test('what is written to: data, log, checkouts, notes of the builder, locks', async () => {
  expect((await describe({})).writable).toEqual([
    '/var/lib/fairway',
    '/var/log/fairway',
    '/srv/shop',
    '/var/lib/ada/.docker',
    '/run/lock',
  ])
  const nested = await describe({
    yaml: 'apps:\n  shop: { repository: acme/shop, path: /var/lib/fairway/shop }\n',
    environment: { FAIRWAY_LOCKS: '/srv/locks' },
  })
  expect(nested.writable).toEqual([
    '/var/lib/fairway',
    '/var/log/fairway',
    '/var/lib/ada/.docker',
    '/srv/locks',
  ])
})

test('the longest deployment is that of the slowest app: all of its steps', async () => {
  expect((await describe({})).longest).toBe((3 * 120 + 1_200 + 300 + 60 + 3) * 1_000)
  const slow = 'apps:\n  shop: { repository: a/shop, path: /srv/shop, timeouts: { build: 2h } }\n'
  expect((await describe({ yaml: slow })).longest).toBe((3 * 120 + 7_200 + 300 + 60 + 3) * 1_000)
})

test.each<[string, Given, Partial<Service>]>([
  ['everything lies elsewhere', {}, { protectHome: 'yes', privateTmp: true }],
  ['the user has a home', { home: '/home/ada' }, { protectHome: 'read-only' }],
  [
    'a checkout lies in a home',
    { yaml: 'apps:\n  shop: { repository: a/shop, path: /home/ada/shop }\n' },
    { protectHome: 'read-only' },
  ],
  [
    'the engine is rootless',
    { environment: { DOCKER_HOST: 'unix:///run/user/1000/docker.sock' } },
    { protectHome: 'read-only' },
  ],
  [
    'a checkout lies in /tmp',
    { yaml: 'apps:\n  shop: { repository: a/shop, path: /tmp/shop }\n' },
    { privateTmp: false },
  ],
])('homes and /tmp are closed as far as they can be: %s', async (_, given, expected) => {
  expect(await describe(given)).toMatchObject(expected)
})

test('a checkout that is a link to /tmp lies there', async () => {
  const directory = await folder()
  await mkdir(join(directory, 'real'))
  await symlink(join(directory, 'real'), join(directory, 'link'))
  const yaml = `apps:\n  shop: { repository: a/shop, path: ${join(directory, 'link')} }\n`
  expect(await describe({ yaml })).toMatchObject({ privateTmp: false })
})

const secret = { name: 'GITHUB_WEBHOOK_SECRET', file: '/etc/fairway/webhook-secret' }

test.each<[string, Given, Partial<Service>]>([
  ['nowhere yet', {}, { credentials: [secret], secretsBeside: [] }],
  [
    'in the environment',
    { environment: { GITHUB_WEBHOOK_SECRET: 'x' } },
    { credentials: [secret], variables: {} },
  ],
  [
    'in a file',
    { environment: { GITHUB_WEBHOOK_SECRET_FILE: '/etc/hostname' } },
    { credentials: [{ name: 'GITHUB_WEBHOOK_SECRET', file: '/etc/hostname' }], variables: {} },
  ],
  [
    'in .env',
    { dotEnv: 'GITHUB_WEBHOOK_SECRET=x\n' },
    { credentials: [], secretsBeside: ['GITHUB_WEBHOOK_SECRET'] },
  ],
  [
    'of an app, under a name of its own',
    {
      yaml: 'apps:\n  shop: { repository: acme/shop, path: /srv/shop, webhookSecrets: ["${SHOP_HOOK}"] }\n',
      environment: { SHOP_HOOK: 'x', GITHUB_WEBHOOK_SECRET: 'y' },
    },
    { credentials: [secret, { name: 'SHOP_HOOK', file: '/etc/fairway/shop-hook' }], variables: {} },
  ],
])('a secret that stands %s', async (_, given, expected) => {
  expect(await describe(given)).toMatchObject(expected)
})

test('what the configuration takes from the environment is handed on, logins are not', async () => {
  const environment = {
    HOST: '::1',
    SHOP: '/srv/shop',
    GITHUB_WEBHOOK_SECRET: 'x',
    DOCKER_HOST: 'tcp://engine:2375',
    HTTPS_PROXY: 'http://ada:pass@proxy:3128',
    UNRELATED: 'x',
  }
  const yaml = 'apps:\n  shop: { repository: acme/shop, path: "${SHOP}" }\n'
  expect((await describe({ yaml, environment })).variables).toEqual({
    HOST: '::1',
    SHOP: '/srv/shop',
    DOCKER_HOST: 'tcp://engine:2375',
  })
})
