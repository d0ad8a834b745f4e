import { expect, test } from 'vitest'
import { toRestart } from '../../src/decisions/to-restart.ts'
import type { Action, ServicePlan } from '../../src/domain/plan.ts'

const plan = (service: string, action: Action): ServicePlan => ({ service, action, because: [] })
const inside = (name: string, host: string) => ({
  name,
  dependsOn: [{ service: host, condition: 'service_started' as const, restart: false, shares: true }],
})

test('what was brought up in the network of one that is restarted is restarted with it, not what is elsewhere', () => {
  const plans = [plan('db', 'recreate'), plan('web', 'restart'), plan('side', 'build'), plan('api', 'build')]
  const services = [{ name: 'db' }, { name: 'web' }, inside('side', 'web'), inside('api', 'db')]
  expect(toRestart(plans, services)).toEqual(['web', 'side'])
  expect(toRestart([plan('db', 'recreate'), plan('api', 'build')], services)).toEqual([])
})
