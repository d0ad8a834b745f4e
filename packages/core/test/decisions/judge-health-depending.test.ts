import { describe, expect, test } from 'vitest'
import type { HealthInput } from '../../src/decisions/judge-health.ts'
import type { Dependency } from '../../src/domain/project.ts'
import { judge, type Look } from '../support/judge.ts'

type Wanted = HealthInput['services'][number]

const needs = (service: string, condition: Dependency['condition'] = 'service_started'): Dependency => ({
  service,
  condition,
  restart: false,
  shares: false,
})
const service = (name: string, ...dependsOn: readonly Dependency[]): Wanted => ({
  name,
  replicas: 1,
  dependsOn,
})
const done = 'service_completed_successfully'

/** What is said of each service after these looks. */
function sentences(services: readonly Wanted[], ...looks: readonly Look[]): readonly string[] {
  const { verdict, services: found } = judge(looks, { services })
  return [verdict, ...found.map(({ state, sentence }) => `${state}: ${sentence}`)]
}

describe('a one-shot, which another service waits for', () => {
  const services = [service('seed'), service('web', needs('seed', done))]
  const web = { id: 'c2', service: 'web', startedAt: '2026-01-01T00:00:00Z' }
  const seed = { id: 'c1', service: 'seed' }

  test.each<[string, Look, readonly string[]]>([
    [
      'is done when it ended with 0',
      [0, { ...seed, state: 'exited' }, web],
      ['healthy', 'up: seed is done', 'up: web is up'],
    ],
    [
      'is done though it has a healthcheck and publishes a port',
      [0, { ...seed, state: 'exited', health: 'unhealthy', publishesPort: true }, web],
      ['healthy', 'up: seed is done', 'up: web is up'],
    ],
    [
      'is not up as long as it runs, however long it stands still',
      [30_000, { ...seed, startedAt: '2026-01-01T00:00:00Z' }, web],
      ['waiting', 'waiting: seed is not done yet', 'up: web is up'],
    ],
    [
      'is not done when time is up',
      [60_000, seed, web],
      ['failed', 'failed: seed is not done yet after 60 s', 'up: web is up'],
    ],
    [
      'has failed with another exit code, and what waits for it was not started',
      [0, { ...seed, state: 'exited', exitCode: 7 }, { ...web, state: 'created' }],
      ['failed', 'failed: seed exited with code 7', 'failed: web was not started, as it depends on seed'],
    ],
  ])('%s', (_, look, expected) => {
    expect(sentences(services, look)).toEqual(expected)
  })
})

describe('a service that was never started', () => {
  const chain = [service('db'), service('api', needs('db', 'service_healthy')), service('web', needs('api'))]
  const db = { id: 'c1', service: 'db', health: 'unhealthy' } as const

  test('is told to depend on what failed, over others too, made or not', () => {
    const look: Look = [0, db, { id: 'c2', service: 'api', state: 'created' }]
    expect(sentences(chain, look)).toEqual([
      'failed',
      'failed: db is unhealthy',
      'failed: api was not started, as it depends on db',
      'failed: web was not started, as it depends on db',
    ])
  })

  test('is waited for as long as nothing has failed', () => {
    const look: Look = [0, { ...db, health: 'starting' }, { id: 'c2', service: 'api', state: 'created' }]
    expect(sentences(chain, look)).toEqual([
      'waiting',
      'waiting: db is still starting (health: starting)',
      'waiting: api is created',
      'waiting: no container of web was created',
    ])
  })

  test('is told for itself where what failed has nothing to do with it', () => {
    const look: Look = [0, db, { id: 'c2', service: 'lone', state: 'created' }]
    expect(sentences([service('db'), service('lone')], look)).toEqual([
      'failed',
      'failed: db is unhealthy',
      'waiting: lone is created',
    ])
  })

  test('that ran is told for itself, and a circle of dependencies ends', () => {
    const circle = [service('db', needs('web')), service('web', needs('web'), needs('db'))]
    const look: Look = [0, db, { id: 'c2', service: 'web', state: 'exited', exitCode: 1 }]
    expect(sentences(circle, look)).toEqual([
      'failed',
      'failed: db is unhealthy',
      'failed: web exited with code 1',
    ])
  })
})

describe('F21: a start period longer than `healthTimeout`', () => {
  const healthcheck = { startPeriod: 300_000, interval: 30_000, timeout: 5_000 }
  const starting = { health: 'starting', healthcheck } as const

  test.each<[string, Look, string, string]>([
    ['is not cut off', [60_000, starting], 'waiting', 'web is still starting (health: starting)'],
    [
      'is waited for until one check after it',
      [334_999, starting],
      'waiting',
      'web is still starting (health: starting)',
    ],
    ['ends', [335_000, starting], 'failed', 'web is still starting (health: starting) after 335 s'],
    [
      'ends at once with unhealthy',
      [61_000, { ...starting, health: 'unhealthy' }],
      'failed',
      'web is unhealthy',
    ],
    [
      'that is shorter changes nothing',
      [60_000, { ...starting, healthcheck: { ...healthcheck, startPeriod: 10_000 } }],
      'failed',
      'web is still starting (health: starting) after 60 s',
    ],
  ])('%s', (_, look, verdict, sentence) => {
    const judgement = judge([look])
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.services[0]?.sentence).toBe(sentence)
  })
})
