import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readServices } from '../../src/decisions/read-services.ts'
import type { Build, Service } from '../../src/domain/project.ts'

/** What Compose 2.26.1 printed for a project in /srv/shop: `docker compose config --format json`. */
const captured = readFileSync(join(import.meta.dirname, 'compose-config-2.26.json'), 'utf8')

const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/)

test('reads what Compose prints', () => {
  const none = { additionalContexts: [], digest }
  const expected = [
    {
      name: 'abs',
      replicas: 1,
      build: { ...none, context: '/srv/shop/odd', dockerfile: '/srv/shop/docker/abs.Dockerfile' },
    },
    {
      name: 'api',
      replicas: 2,
      build: {
        context: '/srv/shop',
        dockerfile: 'docker/api.Dockerfile',
        additionalContexts: ['docker-image://busybox:1.36', '/srv/shop/shared'],
        digest,
      },
    },
    { name: 'db', replicas: 1, image: 'postgres:16' },
    { name: 'idle', replicas: 0, image: 'busybox' },
    {
      name: 'lib',
      replicas: 1,
      build: { ...none, context: 'https://github.com/acme/lib.git#main', dockerfile: 'Dockerfile' },
    },
    {
      name: 'odd',
      replicas: 1,
      build: { ...none, context: '/srv/shop/odd', dockerfile: '../docker/odd.Dockerfile' },
    },
    { name: 'outer', replicas: 1, build: { ...none, context: '/srv/outer', dockerfile: 'Dockerfile' } },
    {
      name: 'web',
      replicas: 1,
      build: { ...none, context: '/srv/shop/web', dockerfile: 'Dockerfile' },
      dependsOn: [{ service: 'api', condition: 'service_started', restart: false, shares: false }],
    },
    { name: 'worker', replicas: 3, build: { ...none, context: '/srv/shop/worker' } },
  ]
  expect(readServices(captured).map(withoutDigests)).toEqual(expected)
})

test('an inline Dockerfile is no file, also where Compose names one beside it', () => {
  const inline = { context: '/srv/shop', dockerfile: 'Dockerfile', dockerfile_inline: 'FROM busybox' }
  expect(buildOf(inline)).not.toHaveProperty('dockerfile')
})

test('the digest of a build section changes with whatever is in it, and only then', () => {
  const section = { context: '/srv/shop', args: { A: '1', B: null }, target: 'web', tags: ['a', 'b'] }
  const same = { tags: ['a', 'b'], target: 'web', args: { B: null, A: '1' }, context: '/srv/shop' }
  expect(buildOf(section).digest).toBe(buildOf(same).digest)
  const others = [
    { ...section, context: '/srv/blog' },
    { ...section, args: { A: '2', B: null } },
    { ...section, args: { A: '1', B: '' } },
    { ...section, args: { A: '1' } },
    { ...section, target: 'api' },
    { ...section, tags: ['b', 'a'] },
    { ...section, dockerfile_inline: 'FROM busybox' },
    { ...section, network: 'host' },
  ]
  const digests = [section, ...others].map((build) => buildOf(build).digest)
  expect(new Set(digests).size).toBe(digests.length)
})

test('a service may have the name of what every object has', () => {
  const services = '{"services":{"__proto__":{"build":{"context":"/srv"}},"constructor":{},"--push":{}}}'
  expect(readServices(services).map(({ name, build }) => [name, build?.context])).toEqual([
    ['__proto__', '/srv'],
    ['constructor', undefined],
    ['--push', undefined],
  ])
})

test('a project without services has none', () => {
  expect(readServices('{"name":"shop","services":{}}')).toEqual([])
})

test('whatever else is in a service does not matter', () => {
  const odd =
    '{"services":{"web":null,"api":{"build":null,"deploy":null,"scale":null},"db":{"build":"x","deploy":{}}}}'
  expect(readServices(odd).map(withoutDigests)).toEqual(
    ['web', 'api', 'db'].map((name) => ({ name, replicas: 1 })),
  )
})

test.each(['', 'services: {}', '{"services":', 'time="..." level=warning'])(
  'refuses what is no JSON: %j',
  (text) => {
    expect(() => readServices(text)).toThrow(
      expect.objectContaining({ code: 'compose_invalid', message: 'docker compose config printed no JSON' }),
    )
  },
)

test.each(['null', '[]', '"x"', '{}', '{"services":null}', '{"services":[]}'])(
  'refuses what has no services: %s',
  (text) => {
    expect(() => readServices(text)).toThrow(
      expect.objectContaining({
        code: 'compose_invalid',
        message: 'docker compose config printed no services',
      }),
    )
  },
)

/** A service without what has tests of its own. */
function withoutDigests(service: Service): object {
  const { section, sections, ...build } = service.build ?? {}
  if (service.build) expect([section, sections]).toEqual([expect.any(Object), expect.any(Object)])
  const digests = new Set(['configuration', 'environment', 'section', 'sections', 'build'])
  const rest = Object.fromEntries(Object.entries(service).filter(([key]) => !digests.has(key)))
  return service.build ? { ...rest, build } : rest
}

/** What is read of a build section. */
function buildOf(build: object): Build {
  const [service] = readServices(JSON.stringify({ services: { web: { build } } }))
  if (service?.build === undefined) throw new Error('no build section was read')
  return service.build
}
