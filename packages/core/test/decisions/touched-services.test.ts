import { expect, test } from 'vitest'
import { touchedServices } from '../../src/decisions/touched-services.ts'
import type { Container } from '../../src/domain/container.ts'
import type { Action } from '../../src/domain/plan.ts'
import type { DeployedState } from '../../src/domain/state.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'

const web = (changes: Partial<Container> = {}): Container => fakeContainer({ service: 'web', ...changes })
const later = '2026-01-31T12:00:00.000Z'

interface Case {
  readonly action?: Action
  readonly before?: readonly Container[]
  readonly now: readonly Container[]
  readonly recorded?: DeployedState
}
const unsettled = (...containers: readonly string[]): DeployedState => ({
  services: { web: { containers } },
  unsettled: ['web'],
})

test.each<[string, Case, boolean]>([
  ['the same container', { now: [web()] }, false],
  ['another one', { now: [web({ id: 'new' })] }, true],
  ['one more, created beside the old', { now: [web(), web({ id: 'new', state: 'created' })] }, true],
  ['none any more', { now: [] }, true],
  ['one where there was none', { before: [], now: [web()] }, true],
  ['the same one, started again', { now: [web({ startedAt: later })] }, true],
  ['the same one, restarted by its policy', { now: [web({ startedAt: later, restartCount: 1 })] }, false],
  ['the same one, which has ended by itself', { now: [web({ state: 'exited', exitCode: 1 })] }, false],
  ['another one of a service that the plan keeps', { action: 'keep', now: [web({ id: 'new' })] }, false],
  [
    'the one that an earlier attempt replaced',
    { action: 'keep', before: [web({ id: 'bad' })], now: [web({ id: 'bad' })], recorded: unsettled('web') },
    true,
  ],
  [
    'what an earlier attempt announced to replace and did not',
    { action: 'keep', now: [web()], recorded: unsettled('web') },
    false,
  ],
])('%s', (_, { action = 'recreate', before = [web()], now, recorded }, isTouched) => {
  const plan = { app: 'shop', commit: 'c', services: [{ service: 'web', action, because: [] }] }
  expect(touchedServices({ plan, before, now, recorded })).toEqual(isTouched ? ['web'] : [])
})
