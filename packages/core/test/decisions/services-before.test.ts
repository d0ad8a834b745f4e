import { expect, test } from 'vitest'
import { servicesBefore } from '../../src/decisions/services-before.ts'
import type { Container } from '../../src/domain/container.ts'
import type { Service } from '../../src/domain/project.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'

function service(name: string, ...needs: readonly string[]): Service {
  const dependsOn = needs.map((needed) => ({
    service: needed,
    condition: 'service_started' as const,
    restart: false,
    shares: false,
  }))
  return { name, replicas: 1, dependsOn }
}
const services = [
  service('disk'),
  service('db', 'disk'),
  service('cache'),
  service('migrate', 'db'),
  service('web', 'migrate'),
]

test.each<[string, readonly Container[], readonly string[]]>([
  ['nothing is there: all that it depends on', [], ['disk', 'db']],
  ['what runs is left as it runs, with what that needs', [fakeContainer({ service: 'db' })], []],
  [
    'what is stopped is needed',
    [fakeContainer({ service: 'db', state: 'exited', exitCode: 0, restartPolicy: 'always' })],
    ['disk', 'db'],
  ],
  ['what was done is done', [fakeContainer({ service: 'disk', state: 'exited' })], ['db']],
  [
    'what failed is needed',
    [fakeContainer({ service: 'disk', state: 'exited', exitCode: 1 })],
    ['disk', 'db'],
  ],
])('%s', (_, containers, expected) => {
  expect(servicesBefore('migrate', services, containers).map(({ name }) => name)).toEqual(expected)
})

test('a circle ends, and the service itself is not before itself', () => {
  expect(servicesBefore('a', [service('a', 'b'), service('b', 'a')], []).map(({ name }) => name)).toEqual([
    'b',
  ])
})
