import { expect, test } from 'vitest'
import { compareConfigs, keepFixed } from '../src/compare-configs.ts'
import { checkConfig } from '../src/config/check-config.ts'
import type { Config, ConfigInput } from '../src/config/config.ts'

const secret = 'a secret of more than sixteen characters'
const shop = { repository: 'acme/shop', path: '/srv/shop' }
const blog = { repository: 'acme/blog', path: '/srv/blog' }
const nothing = { added: [], removed: [], changed: [], settings: [], restart: [] }

const configOf = (input: ConfigInput): Config =>
  checkConfig(
    { webhook: { secrets: [secret] }, apps: { shop }, ...input },
    { environment: {}, directory: '/etc' },
  )

test.each<[string, ConfigInput, Partial<typeof nothing> | object]>([
  ['the same', {}, {}],
  ['an app more', { apps: { shop, blog } }, { added: ['blog'] }],
  ['another app', { apps: { blog } }, { added: ['blog'], removed: ['shop'] }],
  ['an app that is off', { apps: { shop: { ...shop, enabled: false } } }, { removed: ['shop'] }],
  ['another branch', { apps: { shop: { ...shop, branch: 'next' } } }, { changed: ['shop'] }],
  ['a deadline', { apps: { shop: { ...shop, timeouts: { git: '1m' } } } }, { changed: ['shop'] }],
  ['what a default is', { apps: { shop: { ...shop, timeouts: { git: '2m' } } } }, {}],
  ["an app's own secret", { apps: { shop: { ...shop, webhookSecrets: [secret] } } }, { changed: ['shop'] }],
  ['another secret', { webhook: { secrets: [`${secret}2`] } }, { settings: ['webhook.secrets'] }],
  ['a second secret', { webhook: { secrets: [secret, `${secret}2`] } }, { settings: ['webhook.secrets'] }],
  [
    'unsigned',
    { webhook: { secrets: [secret], allowUnsigned: true } },
    { settings: ['webhook.allowUnsigned'] },
  ],
  ['ignore', { ignore: [] }, { settings: ['ignore'] }],
  [
    'the server',
    { server: { concurrency: 3, statusPage: false, trustedProxies: ['10.0.0.0/8'] } },
    { settings: ['server.concurrency', 'server.statusPage', 'server.trustedProxies'] },
  ],
  [
    'what only a start reads',
    { server: { host: '::1', port: 1, dataDir: '/d', logFile: null, logFormat: 'json' } },
    { restart: ['server.host', 'server.port', 'server.dataDir', 'server.logFile', 'server.logFormat'] },
  ],
])('names what %s changes', (_, after, expected) => {
  const changes = compareConfigs(configOf({}), configOf(after))
  expect(changes).toEqual({ ...nothing, ...expected })
  expect(JSON.stringify(changes)).not.toContain(secret)
})

test('an own secret that is replaced changes that app alone', () => {
  const own = (value: string): Config =>
    configOf({ apps: { shop: { ...shop, webhookSecrets: [value] }, blog } })
  expect(compareConfigs(own(secret), own(`${secret}2`))).toEqual({ ...nothing, changed: ['shop'] })
})

test('what a running server cannot change is kept, all else is new', () => {
  const before = configOf({})
  const after = configOf({ server: { port: 1, host: '::1', logFormat: 'json', concurrency: 3 }, ignore: [] })
  expect(keepFixed(before, after)).toEqual({
    ...after,
    server: { ...before.server, concurrency: 3 },
  })
})
