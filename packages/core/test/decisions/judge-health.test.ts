import { expect, test } from 'vitest'
import { type HealthInput, type HealthJudgement, judgeHealth } from '../../src/decisions/judge-health.ts'
import type { Container } from '../../src/domain/container.ts'

const began = Date.parse('2026-01-31T12:00:00Z')

/** A container of `web` that was started when the deployment began. */
function container(changes: Partial<Container> = {}): Container {
  return {
    id: 'c1',
    name: 'shop-web-1',
    service: 'web',
    image: 'sha256:1',
    state: 'running',
    exitCode: 0,
    restartCount: 0,
    startedAt: new Date(began).toISOString(),
    restartPolicy: 'no',
    publishesPort: false,
    ...changes,
  }
}

type Look = readonly [elapsed: number, containers: readonly Container[]]

/** Looks several times, as the step does, and gives the last judgement. */
function judge(looks: readonly Look[], changes: Partial<HealthInput> = {}): HealthJudgement {
  let judgement: HealthJudgement = { verdict: 'waiting', services: [], seen: new Map() }
  for (const [elapsed, containers] of looks) {
    judgement = judgeHealth({
      services: [{ name: 'web', replicas: 1 }],
      containers,
      seen: judgement.seen,
      now: began + elapsed,
      elapsed,
      settle: 3_000,
      healthTimeout: 60_000,
      ...changes,
    })
  }
  return judgement
}

const sentences = ({ services }: HealthJudgement): readonly string[] =>
  services.map(({ sentence }) => sentence)

test.each<[string, readonly Look[], HealthJudgement['verdict'], string]>([
  ['runs, but not long enough', [[0, [container()]]], 'waiting', 'web has not stood still for 3 s'],
  [
    'has stood still',
    [
      [0, [container()]],
      [3_000, [container()]],
    ],
    'healthy',
    'web is up',
  ],
  [
    'was there long before',
    [[0, [container({ startedAt: '2026-01-01T00:00:00Z' })]]],
    'healthy',
    'web is up',
  ],
  [
    'was restarted long before: it must be seen',
    [[0, [container({ startedAt: '2026-01-01T00:00:00Z', restartCount: 4 })]]],
    'waiting',
    'web has not stood still for 3 s',
  ],
  ['starting', [[5_000, [container({ health: 'starting' })]]], 'waiting', 'web is still starting'],
  [
    'starting for too long',
    [[60_000, [container({ health: 'starting' })]]],
    'failed',
    'web is still starting after 60 s',
  ],
  [
    'healthy, but not long enough',
    [[500, [container({ health: 'healthy' })]]],
    'waiting',
    'web has not stood still for 3 s',
  ],
  [
    'healthy',
    [
      [0, [container({ health: 'healthy' })]],
      [3_000, [container({ health: 'healthy' })]],
    ],
    'healthy',
    'web is healthy',
  ],
  ['unhealthy', [[0, [container({ health: 'unhealthy' })]]], 'failed', 'web is unhealthy'],
  ['done', [[0, [container({ state: 'exited' })]]], 'healthy', 'web is done'],
  [
    'done after retries',
    [[0, [container({ state: 'exited', restartPolicy: 'on-failure', restartCount: 1 })]]],
    'healthy',
    'web is done',
  ],
  [
    'done, though it publishes a port',
    [[0, [container({ state: 'exited', publishesPort: true })]]],
    'failed',
    'web exited with code 0, though it publishes a port',
  ],
  [
    'done, though it has a healthcheck',
    [[0, [container({ state: 'exited', health: 'unhealthy' })]]],
    'failed',
    'web exited with code 0, though it has a healthcheck',
  ],
  [
    'exited with an error',
    [[0, [container({ state: 'exited', exitCode: 3 })]]],
    'failed',
    'web exited with code 3',
  ],
  [
    'exited, to be restarted',
    [[0, [container({ state: 'exited', exitCode: 1, restartPolicy: 'always' })]]],
    'waiting',
    'web exited with code 1',
  ],
  [
    'restarting',
    [[0, [container({ state: 'restarting', exitCode: 1, restartPolicy: 'always' })]]],
    'waiting',
    'web is restarting',
  ],
  [
    'restarting at the end of time',
    [[60_000, [container({ state: 'restarting', restartPolicy: 'always' })]]],
    'failed',
    'web is restarting after 60 s',
  ],
  [
    'in a crash loop since it was made',
    [[0, [container({ state: 'restarting', exitCode: 1, restartCount: 3, restartPolicy: 'always' })]]],
    'failed',
    'web was restarted 3 times, last exit code 1',
  ],
  [
    'in a crash loop during this deployment',
    [
      [0, [container({ restartCount: 9, startedAt: '2026-01-31T11:00:00Z', restartPolicy: 'always' })]],
      [2_000, [container({ restartCount: 12, exitCode: 1, restartPolicy: 'always' })]],
    ],
    'failed',
    'web was restarted 3 times, last exit code 1',
  ],
  ['dead', [[0, [container({ state: 'dead', exitCode: 137 })]]], 'failed', 'web is dead, exit code 137'],
  ['never started', [[60_000, [container({ state: 'created' })]]], 'failed', 'web is created after 60 s'],
  ['not there', [[0, []]], 'waiting', 'no container of web was created'],
  ['not there at the end of time', [[60_000, []]], 'failed', 'no container of web was created'],
])('a service that is %s', (_, looks, verdict, sentence) => {
  const judgement = judge(looks)
  expect(judgement.verdict).toBe(verdict)
  expect(sentences(judgement)).toEqual([sentence])
})

test('a restart begins the time of standing still again', () => {
  const again = container({
    startedAt: new Date(began + 2_000).toISOString(),
    restartCount: 1,
    restartPolicy: 'always',
  })
  expect(
    judge([
      [0, [container()]],
      [2_500, [again]],
      [5_400, [again]],
    ]).verdict,
  ).toBe('waiting')
  expect(
    judge([
      [0, [container()]],
      [2_500, [again]],
      [5_500, [again]],
    ]).verdict,
  ).toBe('healthy')
})

test('one service that failed decides at once, however the others are', () => {
  const judgement = judge(
    [[0, [container(), container({ id: 'c2', service: 'api', state: 'exited', exitCode: 1 })]]],
    {
      services: [
        { name: 'web', replicas: 1 },
        { name: 'api', replicas: 1 },
      ],
    },
  )
  expect(judgement.verdict).toBe('failed')
  expect(judgement.services.find(({ service }) => service === 'api')?.failed.map(({ id }) => id)).toEqual([
    'c2',
  ])
})

test('every replica counts, and the one that fails is named', () => {
  const judgement = judge([
    [0, [container(), container({ id: 'c2', name: 'shop-web-2', state: 'exited', exitCode: 2 })]],
  ])
  expect(judgement.verdict).toBe('failed')
  expect(judgement.services[0]?.failed.map(({ name }) => name)).toEqual(['shop-web-2'])
})

test('services scaled to none, and containers of services that are gone, are not judged', () => {
  const judgement = judge([[0, [container({ service: 'old', state: 'exited', exitCode: 1 })]]], {
    services: [{ name: 'web', replicas: 0 }],
  })
  expect(judgement.verdict).toBe('healthy')
})
