import { describe } from 'vitest'
import { at, judgesEach } from '../support/judge.ts'

const always = { restartPolicy: 'always' } as const
const exited = { state: 'exited' } as const

describe('a service that exited', () => {
  judgesEach([
    ['with 0', [[0, exited]], 'healthy', 'web is done'],
    [
      'with 0, to be restarted on failure',
      [[0, { ...exited, restartPolicy: 'on-failure' }]],
      'healthy',
      'web is done',
    ],
    [
      'with 0 after many tries',
      [[0, { ...exited, restartPolicy: 'on-failure', restartCount: 5 }]],
      'healthy',
      'web is done',
    ],
    [
      'with 0, though it publishes a port',
      [[0, { ...exited, publishesPort: true }]],
      'failed',
      'web exited with code 0, though it publishes a port',
    ],
    [
      'with 0, though it has a healthcheck',
      [[0, { ...exited, health: 'unhealthy' }]],
      'failed',
      'web exited with code 0, though it has a healthcheck',
    ],
    ['with 0, to be restarted always', [[0, { ...exited, ...always }]], 'waiting', 'web exited with code 0'],
    [
      'with 0, and was stopped by hand',
      [
        [0, { ...exited, ...always }],
        [3_000, { ...exited, ...always }],
      ],
      'failed',
      'web exited with code 0 and was not restarted',
    ],
    ['with an error', [[0, { ...exited, exitCode: 3 }]], 'failed', 'web exited with code 3'],
    [
      'with an error after it ran for a while',
      [
        [0, {}],
        [2_000, { ...exited, exitCode: 137 }],
      ],
      'failed',
      'web exited with code 137',
    ],
    [
      'with an error, to be restarted',
      [[0, { ...exited, exitCode: 1, ...always }]],
      'waiting',
      'web exited with code 1',
    ],
    [
      'with an error after its last try',
      [
        [0, {}],
        [2_000, { ...exited, exitCode: 1, restartPolicy: 'on-failure', restartCount: 1 }],
        [5_000, { ...exited, exitCode: 1, restartPolicy: 'on-failure', restartCount: 1 }],
      ],
      'failed',
      'web exited with code 1 and was not restarted',
    ],
    [
      'with an error when time is up',
      [[60_000, { ...exited, exitCode: 1, ...always }]],
      'failed',
      'web exited with code 1 and was not restarted',
    ],
  ])
})

describe('a service that is restarted', () => {
  judgesEach([
    [
      'for the first time',
      [[0, { ...always, state: 'restarting', exitCode: 1, restartCount: 1 }]],
      'waiting',
      'web is restarting',
    ],
    [
      'when time is up',
      [[60_000, { ...always, state: 'restarting', exitCode: 1, restartCount: 1 }]],
      'failed',
      'web is restarting after 60 s, last exit code 1',
    ],
    [
      'twice since it was made',
      [[0, { ...always, restartCount: 2 }]],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'three times since it was made',
      [[0, { ...always, state: 'restarting', exitCode: 1, restartCount: 3 }]],
      'failed',
      'web was restarted 3 times, last exit code 1',
    ],
    [
      'three times, nobody saw with which code',
      [[0, { ...always, restartCount: 3 }]],
      'failed',
      'web was restarted 3 times',
    ],
    [
      'three times, and runs just now: the code it ended with is told',
      [
        [0, { ...always, state: 'restarting', exitCode: 1, restartCount: 2 }],
        [500, { ...always, restartCount: 3, startedAt: at(400) }],
      ],
      'failed',
      'web was restarted 3 times, last exit code 1',
    ],
    [
      'since long before, three times more meanwhile',
      [
        [0, { ...always, restartCount: 9, startedAt: at(-60_000) }],
        [2_000, { ...always, state: 'restarting', exitCode: 1, restartCount: 12, startedAt: at(1_900) }],
      ],
      'failed',
      'web was restarted 3 times, last exit code 1',
    ],
    [
      'F29: since before the clock was set back by an hour',
      [[0, { ...always, restartCount: 5, startedAt: at(1_200_000) }]],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'since long before, and may just have recovered',
      [[0, { ...always, restartCount: 40, startedAt: at(-1_000) }]],
      'waiting',
      'web has not stood still for 3 s',
    ],
    [
      'since long before, and has recovered',
      [
        [0, { ...always, restartCount: 40, startedAt: at(-1_000) }],
        [3_000, { ...always, restartCount: 40, startedAt: at(-1_000) }],
      ],
      'healthy',
      'web is up',
    ],
    [
      'three times, and was made after the first look',
      [
        [0, { id: 'old' }],
        [4_000, { ...always, restartCount: 3, startedAt: at(3_900) }],
      ],
      'failed',
      'web was restarted 3 times',
    ],
    [
      'never, but was missing from one look, as when the engine restarts',
      [
        [0, { ...always, startedAt: at(-20_000), restartCount: 5 }],
        [250],
        [3_000, { ...always, startedAt: at(-20_000), restartCount: 5 }],
      ],
      'healthy',
      'web is up',
    ],
  ])
})
