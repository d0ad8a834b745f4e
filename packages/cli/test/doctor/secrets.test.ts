import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig } from '@fairway/server'
import { expect, test } from 'vitest'
import { checkSecrets } from '../../src/doctor/check-secrets.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { folder, secret } from '../support.ts'

const other = 'quite another one, as hard to guess'

async function check(secrets: string, dotEnv = '', mode = 0o600): Promise<readonly Finding[]> {
  const directory = await folder({ 'fairway.yaml': secrets, '.env': dotEnv })
  await chmod(join(directory, 'fairway.yaml'), 0o600)
  await chmod(join(directory, '.env'), mode)
  const findings = await checkSecrets(await loadConfig({ directory, environment: {} }))
  return findings.map(({ fix, ...rest }) => ({
    ...rest,
    ...(fix === undefined ? {} : { fix: fix.replace(directory, '.') }),
  }))
}

const apps = (one: string, two: string): string =>
  `apps:\n  one: { repository: a/one, path: /srv/one, webhookSecrets: ["${one}"] }\n  two: { repository: a/two, path: /srv/two, webhookSecrets: ["${two}"] }\n`

test('secrets that are hard to guess are fine', async () => {
  expect(await check(apps(secret, other))).toEqual([
    { check: 'secrets', level: 'ok', message: '2 secrets, hard to guess' },
  ])
})

test('one that is easy to guess is named by its place, not shown', async () => {
  const findings = await check('webhook: { secrets: ["changeme-changeme-please"] }')
  expect(findings).toEqual([
    {
      check: 'secrets',
      level: 'warning',
      message: 'webhook.secrets[0] is made of words that everybody tries: it can be guessed',
      fix: 'fairway secret new, then put it there and into the webhook at the git host',
    },
  ])
  expect(JSON.stringify(findings)).not.toContain('changeme')
})

test('two apps with the same secret could deploy each other', async () => {
  expect(await check(apps(secret, secret))).toMatchObject([
    {
      level: 'warning',
      message:
        'apps.two.webhookSecrets[0] is the same as apps.one.webhookSecrets[0]: either deploys the other',
    },
  ])
  expect(await check(`webhook: { secrets: ["${other}"] }\n${apps(secret, other)}`)).toMatchObject([
    { message: 'apps.two.webhookSecrets[0] is the same as webhook.secrets[0]: either deploys the other' },
  ])
})

test('a file that has one in it and that everybody can read', async () => {
  const dotEnv = `GITHUB_WEBHOOK_SECRET="${secret}"\n`
  expect(await check('', dotEnv, 0o644)).toMatchObject([{ level: 'warning', fix: 'chmod 600 ./.env' }])
  expect(await check('', dotEnv, 0o640)).toMatchObject([{ level: 'ok' }])
  expect(await check(`webhook: { secrets: ["${secret}"] }`, 'TAG=v1\n', 0o644)).toMatchObject([
    { level: 'ok' },
  ])
})
