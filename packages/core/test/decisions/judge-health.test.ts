import { expect, test } from 'vitest'
import { at, judge, longAgo, type Look } from '../support/judge.ts'

test('a restart begins the time of standing still again, and so does a new container', () => {
  for (const again of [
    { startedAt: at(2_000), restartCount: 1, restartPolicy: 'always' } as const,
    { id: 'c2', startedAt: at(2_000) },
  ]) {
    const looks: readonly Look[] = [
      [0, {}],
      [2_000, again],
    ]
    expect(judge([...looks, [4_900, again]]).verdict).toBe('waiting')
    expect(judge([...looks, [5_000, again]]).verdict).toBe('healthy')
  }
})

const webAndApi = {
  services: [
    { name: 'web', replicas: 1 },
    { name: 'api', replicas: 1 },
  ],
}
const api = { id: 'c2', service: 'api' }

test('one service that failed decides at once, however the others are', () => {
  const judgement = judge([[0, {}, { ...api, state: 'exited', exitCode: 1 }]], webAndApi)
  expect(judgement.verdict).toBe('failed')
  expect(judgement.services.map(({ state }) => state)).toEqual(['waiting', 'failed'])
  expect(judgement.services[1]?.failed.map(({ id }) => id)).toEqual(['c2'])
  expect(judgement.services[0]?.failed).toEqual([])
})

test('all services must be up before it is decided', () => {
  const judgement = judge([[0, { startedAt: longAgo }, api]], webAndApi)
  expect(judgement.verdict).toBe('waiting')
  expect(judgement.services.map(({ state }) => state)).toEqual(['up', 'waiting'])
})

test('one that was up and fails while another is waited for is a failure', () => {
  const judgement = judge(
    [
      [0, {}, { ...api, health: 'starting' }],
      [3_000, {}, { ...api, health: 'starting' }],
      [9_000, { state: 'exited', exitCode: 1 }, { ...api, health: 'starting' }],
    ],
    webAndApi,
  )
  expect(judgement.services.map(({ sentence }) => sentence)[0]).toBe('web exited with code 1')
  expect(judgement.verdict).toBe('failed')
})

test('every service that is not up when time is up is named', () => {
  const judgement = judge([[60_000, { health: 'starting' }]], webAndApi)
  expect(judgement.services.map(({ sentence }) => sentence)).toEqual([
    'web is still starting (health: starting) after 60 s',
    'no container of api was created',
  ])
  expect(judgement.services.map(({ failed }) => failed.length)).toEqual([1, 0])
})

test('every replica counts, and the one that fails is named', () => {
  const looks: readonly Look[] = [[0, {}, { id: 'c2', name: 'shop-web-2', state: 'exited', exitCode: 2 }]]
  const judgement = judge(looks, { services: [{ name: 'web', replicas: 2 }] })
  expect(judgement.verdict).toBe('failed')
  expect(judgement.services[0]?.failed.map(({ name }) => name)).toEqual(['shop-web-2'])
})

test('a replica that is missing is waited for', () => {
  const services = [{ name: 'web', replicas: 2 }]
  expect(judge([[0, { startedAt: longAgo }]], { services }).verdict).toBe('waiting')
  expect(judge([[60_000, { startedAt: longAgo }]], { services })).toMatchObject({
    verdict: 'failed',
    services: [{ sentence: 'only 1 of 2 containers of web were created' }],
  })
})

test('services scaled to none, and containers of services that are gone, are not judged', () => {
  const judgement = judge([[0, { service: 'old', state: 'exited', exitCode: 1 }]], {
    services: [{ name: 'web', replicas: 0 }],
  })
  expect(judgement).toMatchObject({ verdict: 'healthy', services: [] })
})
