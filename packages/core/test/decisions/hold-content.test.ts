import { describe, expect, test } from 'vitest'
import {
  addHeld,
  chooseHeld,
  contentsOf,
  describeHeld,
  describeHold,
  findHeld,
  sameContent,
  withoutHeld,
} from '../../src/decisions/hold-content.ts'
import type { DesiredService } from '../../src/decisions/plan-deployment.ts'
import type { Content, HeldContent } from '../../src/domain/release.ts'

const at = '2026-01-31T12:00:00.000Z'
const commit = '0123456789'.repeat(4)
const held = (service: string, content: Content): HeldContent => ({
  service,
  ...content,
  commit,
  reason: `${service} is unhealthy`,
  at,
})
const build = { context: '/srv/shop/web', additionalContexts: [], digest: 'sha256:0' }
const web: DesiredService = {
  name: 'web',
  replicas: 1,
  build,
  key: { key: 'k1' },
  configuration: 'c1',
  mounts: { a: '1' },
}

describe('the content of a service', () => {
  test('is what it is built from, its configuration and what it mounts', () => {
    expect(contentsOf([web], commit)).toEqual({
      web: { buildKey: 'k1', configuration: 'c1', mounts: { a: '1' } },
    })
  })
  test('is another one with each commit where nobody can tell what it is built from', () => {
    const unknown = { ...web, key: { unknown: 'its context is a URL' } }
    expect(contentsOf([unknown], commit)['web']?.buildKey).toBe(`at ${commit}`)
  })
  test('has no build key where nothing is built', () => {
    expect(contentsOf([{ name: 'db', replicas: 1, configuration: 'c' }], commit)).toEqual({
      db: { configuration: 'c' },
    })
  })

  const one: Content = { buildKey: 'k', configuration: 'c', mounts: { a: '1', b: '2' } }
  test.each<[string, Content, boolean]>([
    ['equal, in another order', { ...one, mounts: { b: '2', a: '1' } }, true],
    ['another build', { ...one, buildKey: 'other' }, false],
    ['another configuration', { ...one, configuration: 'other' }, false],
    ['another mounted file', { ...one, mounts: { a: '1', b: '3' } }, false],
    ['one file less', { ...one, mounts: { a: '1' } }, false],
    ['one file more', { ...one, mounts: { a: '1', b: '2', c: '3' } }, false],
  ])('%s', (_, other, isSame) => {
    expect([sameContent(one, other), sameContent(other, one)]).toEqual([isSame, isSame])
  })
  test('nothing known of either is not the same', () => {
    expect(sameContent({}, {})).toBe(false)
    expect(sameContent({ mounts: {} }, { mounts: {} })).toBe(false)
    expect(sameContent({ configuration: 'c' }, { configuration: 'c', mounts: {} })).toBe(true)
  })
})

describe('what is held after a failure', () => {
  const now = { web: { buildKey: 'new' }, api: { buildKey: 'new' }, db: { buildKey: 'old' } }
  const before = { web: { buildKey: 'old' }, api: { buildKey: 'old' }, db: { buildKey: 'old' } }
  const choose = (failed: readonly string[], touched: readonly string[], then: object = before) =>
    chooseHeld({ failed, touched, services: now, before: then as typeof before })
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['the service that failed and is new, not the others', ['web'], ['web', 'api'], ['web']],
    ['all that are new, where one failed that is not', ['db'], ['web', 'api', 'db'], ['web', 'api']],
    ['all that are new, where nobody knows which failed', [], ['web', 'db'], ['web']],
    ['nothing, where nothing that was touched is new', ['db'], ['db'], []],
    ['nothing of a service that the configuration has not', ['gone'], ['gone'], []],
  ])('%s', (_, failed, touched, expected) => {
    expect(choose(failed, touched)).toEqual(expected)
  })
  test('a service that there was not before', () => {
    expect(choose(['web'], ['web'], {})).toEqual(['web'])
  })
})

test('a service is held by name and content, whatever else is pushed', () => {
  const holds = { content: [held('web', { buildKey: 'bad' }), held('api', { configuration: 'bad' })] }
  expect(findHeld(holds, { web: { buildKey: 'bad' }, api: { configuration: 'good' } })?.service).toBe('web')
  expect(findHeld(holds, { api: { configuration: 'bad' } })?.service).toBe('api')
  expect(findHeld(holds, { web: { buildKey: 'fixed' }, db: { buildKey: 'bad' } })).toBeUndefined()
  expect(findHeld({ content: [] }, { web: { buildKey: 'bad' } })).toBeUndefined()
})

test('the newest comes first, the same content stands there once, and twenty are kept', () => {
  const app = { reason: 'the fair is on', by: 'ada', at }
  const many = Array.from({ length: 20 }, (_, index) => held('web', { buildKey: String(index) }))
  const added = addHeld({ app, content: many }, [{ ...held('web', { buildKey: '7' }), reason: 'again' }])
  expect(added.app).toBe(app)
  expect(added.content).toHaveLength(20)
  expect(added.content[0]).toMatchObject({ buildKey: '7', reason: 'again' })
  expect(added.content.filter(({ buildKey }) => buildKey === '7')).toHaveLength(1)
  expect(addHeld(added, [held('api', { buildKey: '7' })]).content.map(({ buildKey }) => buildKey)).toEqual([
    '7',
    '7',
    ...Array.from({ length: 19 }, (_, index) => String(index)).filter((key) => key !== '7'),
  ])
})

test('what is deployed after all is held no longer', () => {
  const holds = { content: [held('web', { buildKey: '1' }), held('web', { buildKey: '2' })] }
  expect(withoutHeld(holds, { web: { buildKey: '1' } }).content).toEqual([held('web', { buildKey: '2' })])
})

test('one sentence says why', () => {
  expect(describeHeld(held('web', {}))).toBe('held because web at 0123456 failed: web is unhealthy')
  expect(describeHeld({ ...held('web', {}), left: true, reason: 'too slow' })).toBe(
    'held because web at 0123456 was rolled back: too slow',
  )
  expect(describeHold({ reason: 'the fair is on', by: 'ada', at })).toBe('held because the fair is on')
  expect(describeHold({ by: 'ada', at })).toBe('held by ada')
})
