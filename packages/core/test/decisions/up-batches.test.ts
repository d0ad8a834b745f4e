import { expect, test } from 'vitest'
import { upBatches } from '../../src/decisions/up-batches.ts'
import type { Action, ServicePlan } from '../../src/domain/plan.ts'

const plan = (service: string, action: Action, forced = false): ServicePlan => ({
  service,
  action,
  because: [],
  ...(forced ? { forced } : {}),
})
const service = (name: string, ...needs: readonly string[]) => ({
  name,
  dependsOn: needs.map((needed) => ({
    service: needed,
    condition: 'service_started' as const,
    restart: false,
    shares: false,
  })),
})

test('only what gets containers is brought up, in the order of the plan', () => {
  const plans = [
    plan('db', 'keep'),
    plan('api', 'build'),
    plan('web', 'start'),
    plan('old', 'remove'),
    plan('x', 'restart'),
  ]
  expect(upBatches(plans, [])).toEqual([{ services: ['api', 'web'], force: false }])
  expect(upBatches([plan('db', 'keep')], [])).toEqual([])
})

test('what is forced goes first', () => {
  const plans = [plan('a', 'start'), plan('b', 'recreate', true)]
  expect(upBatches(plans, [service('a'), service('b')])).toEqual([
    { services: ['b'], force: true },
    { services: ['a'], force: false },
  ])
})

test('but not before what it needs', () => {
  const plans = [plan('web', 'build'), plan('side', 'recreate', true)]
  expect(upBatches(plans, [service('web'), service('side', 'web')])).toEqual([
    { services: ['web'], force: false },
    { services: ['side'], force: true },
  ])
})

test('what a forced one lives in is forced with it where it is replaced, and left where it only starts', () => {
  const side = {
    name: 'side',
    dependsOn: service('side', 'web').dependsOn.map((one) => ({ ...one, shares: true })),
  }
  const both = (action: Action) =>
    upBatches([plan('web', action), plan('side', 'recreate', true)], [service('web'), side])
  expect(both('build')).toEqual([{ services: ['web', 'side'], force: true }])
  expect(both('start')).toEqual([
    { services: ['web'], force: false },
    { services: ['side'], force: true },
  ])
})

test('what is replaced after something forced is forced with it, so that one call keeps the order', () => {
  const plans = [plan('db', 'recreate', true), plan('api', 'build'), plan('side', 'recreate', true)]
  const services = [service('db'), service('api', 'db'), service('side', 'api')]
  expect(upBatches(plans, services)).toEqual([{ services: ['db', 'api', 'side'], force: true }])
})

test('what is only to be started stays as it is, unless Compose has to know it together with others', () => {
  const plans = [plan('api', 'recreate'), plan('many', 'start'), plan('web', 'start')]
  const services = [service('api'), service('many'), service('web', 'api')]
  const there = new Set(['api', 'many', 'web'])
  expect(upBatches(plans, services, there)).toEqual([
    { services: ['api', 'web'], force: false },
    { services: ['many'], force: false, keep: true },
  ])
  expect(upBatches(plans, services, new Set(['api']))).toEqual([
    { services: ['api', 'many', 'web'], force: false },
  ])
})
