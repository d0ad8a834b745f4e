import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { configLines } from '../../src/config/explain/config-lines.ts'
import { explainConfig } from '../../src/config/explain/explain-config.ts'
import { isSecretName } from '../../src/config/explain/mask.ts'
import { folder } from './support.ts'

/** A configuration with a secret at one place, and the variables that it needs. */
interface Planted {
  readonly config?: object
  readonly shop?: object
  readonly environment?: Readonly<Record<string, string>>
  readonly dotEnv?: Readonly<Record<string, string>>
  /** Content of a file called `secret`. */
  readonly file?: string
}

const places: Readonly<Record<string, (secret: string) => Planted>> = {
  'webhook.secrets': (secret) => ({ config: { webhook: { secrets: ['another one, long enough', secret] } } }),
  'a variable of webhook.secrets': (secret) => ({
    config: { webhook: { secrets: ['${PLAIN}'] } },
    environment: { PLAIN: secret },
  }),
  'the default variable': (secret) => ({ environment: { GITHUB_WEBHOOK_SECRET: secret } }),
  '.env': (secret) => ({ dotEnv: { GITHUB_WEBHOOK_SECRET: secret } }),
  'a file': (secret) => ({ environment: { GITHUB_WEBHOOK_SECRET_FILE: 'secret' }, file: secret }),
  'secrets of an app': (secret) => ({ shop: { webhookSecrets: [secret] } }),
  'secrets of an app that is off': (secret) => ({
    shop: { webhookSecrets: [secret], path: '${NOWHERE}' },
  }),
  'a password for Compose': (secret) => ({ shop: { compose: { environment: { DB_PASSWORD: secret } } } }),
  'a token for Compose, by a variable': (secret) => ({
    shop: { compose: { environment: { NAME: '${API_TOKEN}' } } },
    environment: { API_TOKEN: secret },
  }),
  'a login in a URL for Compose': (secret) => ({
    shop: { compose: { environment: { DATABASE: `postgres://shop:${secret}@db/shop` } } },
  }),
  'a user that is a token': (secret) => ({ shop: { url: `https://${secret}@example.org/acme/shop.git` } }),
  'the same secret once more': (secret) => ({
    config: { webhook: { secrets: [secret] } },
    shop: { branch: `x${secret}y` },
  }),
  'a secret variable in a list': (secret) => ({
    shop: { compose: { files: ['${MY_KEY}.yml'] } },
    environment: { MY_KEY: secret },
  }),
}

/** No two letters of it stand anywhere else by chance. */
const secrets = fc.stringMatching(/^[Q-Zq-z]{24}$/)

test.each(Object.entries(places))('no secret shows: %s', async (_, plant) => {
  await fc.assert(
    fc.asyncProperty(secrets, async (secret) => {
      const { config = {}, shop = {}, environment = {}, dotEnv = {}, file = '' } = plant(secret)
      const yaml = { ...config, apps: { shop: { repository: 'acme/shop', path: '/srv/shop', ...shop } } }
      const lines = Object.entries(dotEnv).map(([name, value]) => `${name}=${value}`)
      const directory = folder({
        'fairway.yaml': stringify(yaml),
        '.env': lines.join('\n'),
        secret: file,
      })
      const explained = await explainConfig({ environment, directory })
      const shown = `${configLines(explained).join('\n')}\n${JSON.stringify(explained)}`
      expect(shown).not.toContain(secret)
      expect(shown).toContain('***')
      // The same with a secret of another length: nothing tells how long it is.
      const longer = folder({
        'fairway.yaml': stringify(yaml).replaceAll(secret, secret + secret),
        '.env': lines.join('\n').replaceAll(secret, secret + secret),
        secret: file + file,
      })
      const other = await explainConfig({
        directory: longer,
        environment: Object.fromEntries(
          Object.entries(environment).map(([name, value]) => [name, value.replace(secret, secret + secret)]),
        ),
      })
      const without = (text: string, folderName: string): string => text.replaceAll(folderName, '')
      expect(without(JSON.stringify(other), longer)).toBe(without(JSON.stringify(explained), directory))
    }),
    { numRuns: 5, seed: 4 },
  )
})

test.each(['DB_PASSWORD', 'apiToken', 'GITHUB_WEBHOOK_SECRET', 'AWS_ACCESS_KEY_ID', 'SMTP_PASS'])(
  '%s sounds like a secret',
  (name) => expect(isSecretName(name)).toBe(true),
)

test.each(['TAG', 'PATH', 'COMPASS', 'BYPASS_CACHE', 'AUTHOR', 'HOST'])('%s does not', (name) => {
  expect(isSecretName(name)).toBe(false)
})
