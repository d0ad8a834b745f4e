import { describe } from 'vitest'
import { at, judgesEach, longAgo } from '../support/judge.ts'

describe('a service that runs', () => {
  judgesEach([
    ['not long enough', [[0, {}]], 'waiting', 'web has not stood still for 3 s'],
    [
      'almost long enough',
      [
        [0, {}],
        [2_999, {}],
      ],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'long enough',
      [
        [0, {}],
        [3_000, {}],
      ],
      'healthy',
      'web is up',
    ],
    ['since long before', [[0, { startedAt: longAgo }]], 'healthy', 'web is up'],
    ['since just long enough before', [[0, { startedAt: at(-3_000) }]], 'healthy', 'web is up'],
    [
      'since long before, and was restarted once: it must be seen',
      [[0, { startedAt: longAgo, restartCount: 1 }]],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'since long before, was restarted once, and was seen',
      [
        [0, { startedAt: longAgo, restartCount: 1 }],
        [3_000, { startedAt: longAgo, restartCount: 1 }],
      ],
      'healthy',
      'web is up',
    ],
    [
      'by a clock that is ahead of ours',
      [[0, { startedAt: at(3_600_000) }]],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'by a clock that is ahead of ours, and was seen',
      [
        [0, { startedAt: at(3_600_000) }],
        [3_000, { startedAt: at(3_600_000) }],
      ],
      'healthy',
      'web is up',
    ],
    [
      'since a time that cannot be read',
      [[0, { startedAt: '' }]],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'since shortly before time is up',
      [
        [58_000, { startedAt: at(58_000) }],
        [60_000, { startedAt: at(58_000) }],
      ],
      'failed',
      'web did not stand still for 3 s within 60 s',
    ],
  ])
})

describe('a service that has a healthcheck and', () => {
  judgesEach([
    ['is starting', [[5_000, { health: 'starting' }]], 'waiting', 'web is still starting (health: starting)'],
    [
      'is starting since long before',
      [[0, { health: 'starting', startedAt: longAgo }]],
      'waiting',
      'web is still starting (health: starting)',
    ],
    [
      'is starting when time is up',
      [[60_000, { health: 'starting' }]],
      'failed',
      'web is still starting (health: starting) after 60 s',
    ],
    [
      'is healthy, but not long enough',
      [[500, { health: 'healthy' }]],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'is healthy after a long start',
      [
        [0, { health: 'starting' }],
        [30_000, { health: 'healthy' }],
      ],
      'healthy',
      'web is healthy',
    ],
    ['is unhealthy', [[0, { health: 'unhealthy' }]], 'failed', 'web is unhealthy'],
    [
      'is unhealthy, whatever it stood',
      [[0, { health: 'unhealthy', startedAt: longAgo }]],
      'failed',
      'web is unhealthy',
    ],
  ])
})

describe('a service that is', () => {
  judgesEach([
    ['dead', [[0, { state: 'dead', exitCode: 137 }]], 'failed', 'web is dead, exit code 137'],
    ['created', [[0, { state: 'created' }]], 'waiting', 'web is created'],
    ['created when time is up', [[60_000, { state: 'created' }]], 'failed', 'web is created after 60 s'],
    ['paused', [[0, { state: 'paused', startedAt: longAgo }]], 'waiting', 'web is paused'],
    ['paused when time is up', [[60_000, { state: 'paused' }]], 'failed', 'web is paused after 60 s'],
    ['being removed', [[0, { state: 'removing' }]], 'waiting', 'web is removing'],
    ['not there', [[0]], 'waiting', 'no container of web was created'],
    ['not there when time is up', [[60_000]], 'failed', 'no container of web was created'],
  ])
})
