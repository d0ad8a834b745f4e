import { describe, expect, test } from 'vitest'
import { readServices } from '../../src/decisions/read-services.ts'
import type { Service } from '../../src/domain/project.ts'

/** A service as it is read of a configuration. */
function read(web: object, rest: object = {}): Service {
  const [service] = readServices(JSON.stringify({ services: { web }, ...rest }))
  if (!service) throw new Error('no service was read')
  return service
}

const section = {
  image: 'web',
  command: ['sleep', '1'],
  environment: { A: '1', B: null },
  networks: { default: null },
  configs: [{ source: 'main' }],
  volumes: [{ type: 'volume', source: 'data', target: '/data' }],
}
const definitions = {
  networks: { default: { name: 'shop_default' }, other: {} },
  volumes: { data: { name: 'shop_data' } },
  configs: { main: { content: 'one' } },
}
const digest = read(section, definitions).configuration

describe('the digest of a configuration', () => {
  test.each<[string, object, object?]>([
    ['another image', { ...section, image: 'other' }],
    ['another argument', { ...section, command: ['sleep', '2'] }],
    ['another value', { ...section, environment: { A: '2', B: null } }],
    ['a value that is empty instead of absent', { ...section, environment: { A: '1', B: '' } }],
    ['another content of a config', section, { ...definitions, configs: { main: { content: 'two' } } }],
    [
      'another definition of its network',
      section,
      { ...definitions, networks: { default: { internal: true } } },
    ],
    ['another definition of its volume', section, { ...definitions, volumes: { data: { driver: 'x' } } }],
    ['a limit', { ...section, deploy: { resources: { limits: { cpus: 1 } } } }],
    ['a label', { ...section, labels: { a: 'b' } }],
  ])('changes with %s', (_, service, rest = definitions) => {
    expect(read(service, rest).configuration).not.toBe(digest)
  })

  test.each<[string, object, object?]>([
    ['its build section', { ...section, build: { context: '/srv' } }],
    ['its order', { ...section, depends_on: { db: { condition: 'service_started' } } }],
    ['its number', { ...section, scale: 3 }],
    ['its number as deploy has it', { ...section, deploy: { replicas: 3, resources: {}, placement: {} } }],
    ['its profiles', { ...section, profiles: ['a'] }],
    ['when it is pulled', { ...section, pull_policy: 'always' }],
    ['what only development uses', { ...section, develop: { watch: [] } }],
    ['the names of env files, whose content is in the environment', { ...section, env_file: ['a.env'] }],
    ['labels that are the own of Compose', { ...section, labels: { 'com.docker.compose.x': 'y' } }],
    ['keys without a value', { ...section, entrypoint: null }],
    ['the order of keys', Object.fromEntries(Object.entries(section).toReversed())],
    [
      'what it does not use',
      section,
      { ...definitions, networks: { ...definitions.networks, other: { internal: true } } },
    ],
  ])('stays with %s', (_, service, rest = definitions) => {
    expect(read(service, rest).configuration).toBe(digest)
  })
})

test('short digests name what changed, and tell no value', () => {
  const before = read(section, definitions)
  const after = read({ ...section, environment: { A: 'secret', B: null } }, definitions)
  expect(Object.keys(before.environment ?? {})).toEqual(['A', 'B'])
  expect(after.environment?.['A']).toMatch(/^[0-9a-f]{8}$/)
  expect(after.environment?.['A']).not.toBe(before.environment?.['A'])
  expect(after.environment?.['B']).toBe(before.environment?.['B'])
  expect(Object.keys(before.sections ?? {}).toSorted()).toEqual([
    'command',
    'configs',
    'configs.main',
    'image',
    'networks',
    'networks.default',
    'volumes',
    'volumes.data',
  ])
  expect(JSON.stringify(after)).not.toContain('secret')
})

test('the same value of another key or service has another short digest', () => {
  const text = JSON.stringify({
    services: { web: { environment: { A: '1', B: '1' } }, api: { environment: { A: '1' } } },
  })
  const found = readServices(text).flatMap(({ environment = {} }) => Object.values(environment))
  expect(new Set(found).size).toBe(3)
})

describe('what a service needs of others', () => {
  test.each<[string, object, object[] | undefined]>([
    ['nothing', {}, undefined],
    [
      'depends_on',
      { depends_on: { db: { condition: 'service_healthy', required: true, restart: true } } },
      [{ service: 'db', condition: 'service_healthy', restart: true, shares: false }],
    ],
    [
      'the network of another, which Compose also lists as a dependency',
      { network_mode: 'service:db', depends_on: { db: { condition: 'service_started', restart: true } } },
      [{ service: 'db', condition: 'service_started', restart: true, shares: true }],
    ],
    [
      'processes and volumes of others',
      { pid: 'service:a', ipc: 'service:a', volumes_from: ['b:ro', 'container:c'] },
      ['a', 'b'].map((service) => ({ service, condition: 'service_started', restart: false, shares: true })),
    ],
  ])('%s', (_, service, expected) => expect(read(service).dependsOn).toEqual(expected))
})

test('a config or secret that is the value of a variable names it', () => {
  const rest = { secrets: { token: { environment: 'TOKEN' } } }
  expect(read({ secrets: [{ source: 'token' }] }, rest).variables).toEqual(['TOKEN'])
})
