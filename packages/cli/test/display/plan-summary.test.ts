import type { Action } from '@fairway/core'
import { expect, test } from 'vitest'
import { planSummary } from '../../src/display/plan-summary.ts'

test.each<readonly [readonly (readonly [string, Action])[], boolean, string]>([
  [
    [
      ['web', 'build'],
      ['db', 'keep'],
      ['cache', 'keep'],
    ],
    true,
    'built web, kept 2',
  ],
  [
    [
      ['web', 'build'],
      ['db', 'keep'],
      ['cache', 'keep'],
    ],
    false,
    'build web, keep 2',
  ],
  [
    [
      ['db', 'keep'],
      ['web', 'keep'],
    ],
    true,
    'kept all 2',
  ],
  [
    [
      ['db', 'keep'],
      ['web', 'recreate'],
      ['old', 'remove'],
      ['api', 'recreate'],
    ],
    true,
    'recreated web, api, removed old, kept 1',
  ],
  [
    [
      ['a', 'start'],
      ['b', 'start'],
      ['c', 'start'],
      ['d', 'start'],
    ],
    false,
    'start 4',
  ],
  [
    [
      ['a\u001b[2J', 'pull'],
      ['b', 'restart'],
    ],
    true,
    'pulled a\\x1b[2J, restarted b',
  ],
  [[], true, 'no service'],
])('%j, done: %j: %s', (planned, isDone, summary) => {
  const services = planned.map(([service, action]) => ({ service, action, because: [] }))
  expect(planSummary({ app: 'shop', commit: 'c', services }, isDone)).toBe(summary)
})
