import { expect, test } from 'vitest'
import type { Deployment } from '../../src/index.ts'
import { decideWatch } from '../../src/watch-window/decide-watch.ts'

const now = new Date('2026-01-31T12:00:00.000Z')
const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString()

const deployment = (id: string, changes: Partial<Deployment> = {}): Deployment => ({
  id,
  app: 'shop',
  status: 'success',
  reason: null,
  commit: null,
  subject: null,
  author: null,
  attempt: 1,
  delivery: null,
  supersededBy: null,
  createdAt: minutesAgo(9),
  startedAt: minutesAgo(8),
  endedAt: minutesAgo(2),
  steps: [],
  plan: { app: 'shop', commit: '', services: [] },
  containers: null,
  ...changes,
})
const nothing = { plan: null, startedAt: null } as const
const success = deployment('success')

test.each<[string, readonly Deployment[], string | undefined]>([
  ['a success whose window is not over', [success], 'success'],
  ['one whose window is over', [deployment('old', { endedAt: minutesAgo(6) })], undefined],
  ['a failure', [deployment('failed', { status: 'failure' })], undefined],
  [
    'a way back',
    [deployment('b', { steps: [{ name: 'goBack', status: 'success', durationMs: 1 }] })],
    undefined,
  ],
  ['nothing that was ever deployed', [], undefined],
  [
    'one after which another is at work',
    [deployment('n', { status: 'in_progress', endedAt: null }), success],
    undefined,
  ],
  [
    'one after which another is to be taken up',
    [deployment('n', { status: 'interrupted', endedAt: null }), success],
    undefined,
  ],
  [
    'one after which another failed',
    [deployment('n', { status: 'failure', endedAt: minutesAgo(1) }), success],
    undefined,
  ],
  [
    'one after which another waits',
    [deployment('n', { ...nothing, status: 'queued', endedAt: null }), success],
    'success',
  ],
  [
    'one after which a push was skipped',
    [deployment('n', { status: 'skipped', endedAt: minutesAgo(1) }), success],
    'success',
  ],
  [
    'one after which a remote was away',
    [deployment('n', { ...nothing, status: 'failure', endedAt: minutesAgo(1) }), success],
    'success',
  ],
  ['of two the one that ended last', [deployment('first', { endedAt: minutesAgo(3) }), success], 'success'],
])('%s', (_, deployments, id) => {
  expect(decideWatch({ deployments, window: 300_000, now })?.deployment.id).toBe(id)
})

test('the time that is left counts from its end', () => {
  expect(decideWatch({ deployments: [success], window: 300_000, now })?.left).toBe(180_000)
})
