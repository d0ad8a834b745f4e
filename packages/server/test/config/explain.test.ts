import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configLines } from '../../src/config/explain/config-lines.ts'
import { explainConfig, type ExplainedConfig } from '../../src/config/explain/explain-config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import type { LoadConfigOptions } from '../../src/config/read-source.ts'
import { folder, mistakesOf } from './support.ts'

interface Given extends LoadConfigOptions {
  readonly files?: Readonly<Record<string, string>>
}

function explain(yaml: string, { files = {}, ...options }: Given = {}): Promise<ExplainedConfig> {
  const directory = folder({ ...files, 'fairway.yaml': yaml })
  return explainConfig({ environment: {}, directory, ...options })
}

/** The line of a key, without the spaces that align its comment. */
function lineOf(explained: ExplainedConfig, key: string): string | undefined {
  return configLines(explained)
    .map((line) => line.trim().replaceAll(/ {2,}/g, '  '))
    .find((line) => line.startsWith(key))
}

const shop = 'apps:\n  shop:\n    repository: acme/shop\n    path: /srv/shop\n'

test.each<[what: string, yaml: string, given: Given, key: string, line: string]>([
  ['a default', '', {}, 'port:', 'port: 8000  # default'],
  ['the file', 'server:\n  port: 9000\n', {}, 'port:', 'port: 9000  # fairway.yaml:2'],
  [
    'a variable in the file',
    'server: { port: "${P}" }',
    { environment: { P: '9000' } },
    'port:',
    'port: 9000  # fairway.yaml:1, P (environment)',
  ],
  [
    'a variable from .env',
    'server: { port: "${P}" }',
    { files: { '.env': 'P=9000' } },
    'port:',
    'port: 9000  # fairway.yaml:1, P in .env',
  ],
  [
    'the environment over the file',
    'server: { host: localhost }',
    { environment: { HOST: '::1' } },
    'host:',
    'host: ::1  # HOST (environment)',
  ],
  [
    '.env over the file',
    'server: { host: localhost }',
    { files: { '.env': 'HOST=::1' } },
    'host:',
    'host: ::1  # HOST in .env',
  ],
  ['a flag over both', 'server: { port: 1 }', { flags: { port: '2' } }, 'port:', 'port: 2  # --port'],
  ['another flag', '', { flags: { logFormat: 'json' } }, 'logFormat:', 'logFormat: json  # --log'],
  [
    'a secret by its default variable',
    '',
    { environment: { GITHUB_WEBHOOK_SECRET: 'a secret' } },
    '- ',
    '- "***"  # webhook.secrets[0]: default, GITHUB_WEBHOOK_SECRET (environment)',
  ],
  [
    'a secret from a file',
    '',
    { files: { secret: 'a secret' }, environment: { GITHUB_WEBHOOK_SECRET_FILE: 'secret' } },
    '- ',
    '- "***"  # webhook.secrets[0]: default, GITHUB_WEBHOOK_SECRET_FILE (environment)',
  ],
  [
    'a secret that was dropped',
    'webhook:\n  secrets:\n    - ${OLD}\n',
    {},
    '# -',
    '# - dropped  # webhook.secrets[0]: fairway.yaml:3, OLD has no value',
  ],
  ['a key of an app that is not set', shop, {}, '# branch', '# branch: not set'],
  ['a duration', `${shop}    timeouts: { git: 90 s }`, {}, 'git:', 'git: 90s  # fairway.yaml:5'],
  ['null', 'server: { logFile: null }', {}, 'logFile:', 'logFile: null  # fairway.yaml:1'],
  ['a ${ of its own', `${shop}    branch: a$\${b`, {}, 'branch:', 'branch: "a$${b"  # fairway.yaml:5'],
])('shows where a value comes from: %s', async (_, yaml, given, key, line) => {
  expect(lineOf(await explain(yaml, given), key)).toBe(line)
})

test('apps that are off are shown with the reason', async () => {
  const explained = await explain(
    `apps:\n  one: { repository: a/one, path: "\${ONE}" }\n  two: { repository: a/two, path: /srv/two, enabled: false }\n`,
  )
  expect(explained.apps).toEqual([
    { name: 'one', on: false, because: 'its path needs ONE, which has no value' },
    { name: 'two', on: false, because: 'enabled is false' },
  ])
  expect(lineOf(explained, 'one:')).toBe('one:  # off: its path needs ONE, which has no value')
  expect(lineOf(explained, 'two:')).toBe('two:  # off: enabled is false')
  expect(lineOf(explained, '# path')).toBe('# path: not set  # fairway.yaml:2, ONE has no value')
})

test('what it prints is a configuration that says the same', async () => {
  const environment = { TAG: "it's: #1", NEWLINE: 'a\nb' }
  const yaml = `server: { port: 9000, trustedProxies: [127.0.0.1, '::1'] }\n${shop}    compose:\n      environment: { TAG: "\${TAG}", NEWLINE: "\${NEWLINE}", ESCAPE: "\\e[1m", NO: "no", ONE: "1" }\n    rebuild: { triggers: [] }\n`
  const directory = folder({ 'fairway.yaml': yaml })
  const lines = configLines(await explainConfig({ environment, directory }))
  const copy = folder({ 'fairway.yaml': lines.join('\n') })
  const [before, after] = await Promise.all([
    loadConfig({ environment, directory }),
    loadConfig({ environment: {}, directory: copy }),
  ])
  const { TAG, NEWLINE, NO, ONE } = after.apps[0]?.compose.environment ?? {}
  expect({ TAG, NEWLINE, NO, ONE }).toEqual({ ...environment, NO: 'no', ONE: '1' })
  expect(lines.join('\n')).not.toContain('\u001b')
  const { compose: _before, ...app } = before.apps[0] ?? {}
  expect(after.apps[0]).toMatchObject(app)
  expect({ ...after.server }).toEqual({ ...before.server })
})

test('a wrong configuration is told with all of its mistakes', async () => {
  expect(await mistakesOf(explain('server: { port: x, hots: y }'))).toHaveLength(2)
})

test('every key of the schema is shown once', async () => {
  const { values, file } = await explain(shop)
  const paths = values.map(({ path }) => path)
  expect(new Set(paths).size).toBe(paths.length)
  expect(paths).toEqual(
    expect.arrayContaining(['server.dataDir', 'apps.shop.compose.unset', 'apps.shop.timeouts.up', 'ignore']),
  )
  expect(values.find(({ path }) => path === 'server.dataDir')).toMatchObject({
    value: join(file, '..', '.fairway'),
    origin: { kind: 'default' },
  })
})
