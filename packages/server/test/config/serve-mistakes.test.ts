import { expect, test } from 'vitest'
import { serveMistakes } from '../../src/config/serve-mistakes.ts'
import { check, shop } from './support.ts'

const good = '0123456789abcdef'
const apps = { shop }

const mistakes = (input: object, environment: Record<string, string> = {}): readonly string[] =>
  serveMistakes(check(input, { environment })).map(({ path, message }) => `${path}: ${message}`)

test('a secret of 16 characters is enough', () => {
  expect(mistakes({ apps }, { GITHUB_WEBHOOK_SECRET: good })).toEqual([])
})

test('no secret at all is refused, naming the apps', () => {
  const blog = { repository: 'acme/blog', path: '/srv/blog' }
  expect(mistakes({ apps: { shop, blog } })).toEqual([
    'webhook.secrets: there is none, so nothing protects shop, blog: set GITHUB_WEBHOOK_SECRET (`fairway secret new` makes one)',
  ])
})

test('apps with secrets of their own need no global one, unless another app does', () => {
  const own = { ...shop, webhookSecrets: [good] }
  expect(mistakes({ apps: { shop: own } })).toEqual([])
  const blog = { repository: 'acme/blog', path: '/srv/blog' }
  expect(mistakes({ apps: { shop: own, blog } })).toEqual([expect.stringContaining('nothing protects blog:')])
  expect(mistakes({ apps: { shop: own, blog: { ...blog, enabled: false } } })).toEqual([])
})

test('empty and short secrets are refused, each by its place and never by its value', () => {
  const input = {
    webhook: { secrets: ['hunter2', good, ''] },
    apps: { shop: { ...shop, webhookSecrets: ['hunter3'] } },
  }
  expect(mistakes(input)).toEqual([
    'webhook.secrets[0]: has fewer than 16 characters: `fairway secret new` makes one',
    'webhook.secrets[2]: is empty: `fairway secret new` makes one',
    'apps.shop.webhookSecrets[0]: has fewer than 16 characters: `fairway secret new` makes one',
  ])
  expect(mistakes({ apps }, { GITHUB_WEBHOOK_SECRET: '' })).toEqual([
    expect.stringContaining('webhook.secrets[0]: is empty'),
  ])
})

test.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LocalHost'])(
  'unsigned deliveries may be allowed on %s',
  (host) => {
    expect(mistakes({ server: { host }, webhook: { allowUnsigned: true }, apps })).toEqual([])
  },
)

test.each([
  '0.0.0.0',
  '::',
  '192.168.1.2',
  '128.0.0.1',
  '::2',
  'example.com',
  '127.0.0.1.example.com',
  'localhost.example.com',
])('unsigned deliveries may not be allowed on %s, with or without a secret', (host) => {
  const input = { server: { host }, webhook: { allowUnsigned: true }, apps }
  const message = expect.stringContaining(
    'webhook.allowUnsigned: lets everyone who reaches the server deploy',
  )
  expect(mistakes(input)).toEqual([message])
  expect(mistakes(input, { GITHUB_WEBHOOK_SECRET: good })).toEqual([message])
})

test('without apps nothing needs protection', () => {
  expect(mistakes({})).toEqual([])
})
