import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { checkConfig } from '../../packages/server/src/config/check-config.ts'
import { configJsonSchema } from '../../packages/server/src/config/json-schema.ts'
import { readYaml } from '../../packages/server/src/config/read-yaml.ts'
import { configurationExample } from './configuration-example.ts'
import { configurationPage } from './configuration-page.ts'

test('docs/configuration.md is what the schema says', async () => {
  const committed = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  // If this fails: node --conditions=@fairway/source scripts/docs/configuration.ts
  expect(committed).toBe(configurationPage())
})

function load(yaml: string): ReturnType<typeof checkConfig> {
  const { data } = readYaml(yaml, 'fairway.yaml')
  return checkConfig(data as object, { environment: {}, directory: '/etc/fairway' })
}

test('its example is a configuration, and means the same as one that says nothing', () => {
  const example = configurationExample(configJsonSchema())
  expect(load(example)).toEqual(load('apps: { shop: { repository: acme/shop, path: /srv/shop } }'))
})

test('the keys that are comments in its example are keys, and their examples right', () => {
  const uncommented = configurationExample(configJsonSchema()).replaceAll(/^( *)# /gm, '$1')
  expect(load(uncommented).apps[0]).toMatchObject({
    branch: 'main',
    url: 'git@github.com:acme/shop.git',
    project: 'shop',
    color: 'red',
    migrate: { service: 'migrate' },
  })
})
