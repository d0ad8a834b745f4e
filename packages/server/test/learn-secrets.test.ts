import type { Project } from '@fairway/core'
import { fakeCompose, fakeFiles } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { learnSecrets } from '../src/learn-secrets.ts'

const project: Project = {
  name: 'shop',
  directory: '/srv/shop',
  files: ['/srv/shop/compose.yaml'],
  envFiles: ['/srv/shop/.env', '/etc/shop.env'],
  profiles: [],
  environment: {},
}

async function learned(text: string, environment: Project['environment'] = {}): Promise<readonly string[]> {
  const found: string[] = []
  const files = fakeFiles({ '/srv/shop/.env': text })
  const compose = learnSecrets({ compose: fakeCompose(), files }, (secrets) => void found.push(...secrets))
  await compose.services({ ...project, environment })
  return found
}

test.each([
  ['NPM_TOKEN=abcdefgh', ['abcdefgh']],
  ['dbPassword="with spaces in it"', ['with spaces in it']],
  ['STRIPE_KEY=sk_live_1234', ['sk_live_1234']],
  ['SECRET_KEY_BASE=0123456789', ['0123456789']],
  ['PRIVATE="-----BEGIN-----\\nline of a key\\n"', ['-----BEGIN-----', 'line of a key']],
  ['TOKEN=short', []],
  ['DOMAIN=shop.example.com', []],
  ['KEYBOARD=dvorak-layout', []],
  ['', []],
])('%s: %j must not show', async (text, secrets) => {
  expect(await learned(text)).toEqual(secrets)
})

test('what compose.environment passes is learned too, before Compose says anything', async () => {
  expect(await learned('', { API_TOKEN: 'given-by-hand', TAG: 'v1.2.3-rc1' })).toEqual(['given-by-hand'])
  const found: string[] = []
  const inner = fakeCompose()
  inner.define('invalid')
  const compose = learnSecrets(
    { compose: inner, files: fakeFiles({}) },
    (secrets) => void found.push(...secrets),
  )
  await expect(compose.services({ ...project, environment: { API_TOKEN: 'given-by-hand' } })).rejects.toThrow(
    'Compose refuses',
  )
  expect(found).toEqual(['given-by-hand'])
})
