import { describe, expect, test } from 'vitest'
import { lastSuccess } from '../../src/decisions/last-success.ts'
import { readHolds, readRelease } from '../../src/decisions/read-release.ts'
import { releaseTag } from '../../src/decisions/release-tag.ts'
import { spareReleases } from '../../src/decisions/spare-releases.ts'
import type { Release } from '../../src/domain/release.ts'

const commit = 'c'.repeat(40)
const release = (id: string, ...tags: readonly string[]): Release => ({
  id,
  commit,
  ref: 'refs/heads/main',
  at: '2026-01-31T12:00:00.000Z',
  project: 'shop',
  plan: { app: 'shop', commit, services: [] },
  services: Object.fromEntries(tags.map((tag, index) => [`web${index}`, { image: `sha256:${tag}`, tag }])),
})

describe('the last success', () => {
  const recorded = { commit: 'd'.repeat(40), project: 'shop', release: '2', services: {}, unsettled: [] }
  const releases = [release('3'), release('2'), release('1')]
  test('is the release that was recorded, at the commit of that success', () => {
    expect(lastSuccess('shop', recorded, releases)).toEqual({ ...release('2'), commit: recorded.commit })
  })
  test('is made of what was recorded where that is no release', () => {
    const services = {
      web: { build: 'sha256:b', image: 'sha256:1', configuration: 'c', containers: ['x'] },
      db: { image: 'sha256:2', buildKey: 'k', mounts: { a: '1' } },
    }
    const { release: _, ...older } = recorded
    expect(lastSuccess('shop', { ...older, services }, releases)).toMatchObject({
      id: '',
      commit: recorded.commit,
      project: 'shop',
      services: {
        web: { image: 'sha256:1', buildKey: `at ${recorded.commit}`, configuration: 'c' },
        db: { image: 'sha256:2', buildKey: 'k', mounts: { a: '1' } },
      },
    })
  })
  test('is the newest release where the state is lost, and none before the first', () => {
    expect(lastSuccess('shop', undefined, releases)?.id).toBe('3')
    expect(lastSuccess('shop', undefined, [])).toBeUndefined()
    expect(lastSuccess('shop', { services: {}, unsettled: ['web'] }, [])).toBeUndefined()
  })
})

describe('releases beyond those that are kept', () => {
  const releases = [
    release('5', 'e'),
    release('3', 'a'),
    release('4', 'b', 'e'),
    release('2', 'b', 'c'),
    release('1', 'd'),
  ]
  test('go with the names that no other one needs', () => {
    const spare = spareReleases(releases, { keep: 3, current: '5' })
    expect(spare.releases.map(({ id }) => id)).toEqual(['2', '1'])
    expect(spare.tags).toEqual(['c', 'd'])
  })
  test('never the current one, and always one', () => {
    expect(spareReleases(releases, { keep: 1, current: '2' }).releases.map(({ id }) => id)).toEqual([
      '4',
      '3',
      '1',
    ])
    expect(spareReleases(releases, { keep: 0, current: '5' }).releases).toHaveLength(4)
    expect(spareReleases(releases, { keep: 5, current: '5' })).toEqual({ releases: [], tags: [] })
  })
})

test.each([
  ['shop', 'web', 'fairway/shop/web:0123456789ab'],
  ['My_Shop', 'Web.API--2', 'fairway/my-shop/web-api-2:0123456789ab'],
  ['-_-', 'ü', 'fairway/x/x:0123456789ab'],
])('the image of %s, %s is kept as %s', (app, service, tag) => {
  expect(releaseTag(app, service, `sha256:0123456789abcdef`)).toBe(tag)
})

describe('what git gives back', () => {
  test.each([
    '',
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"id":"1","commit":"c","ref":"r","at":"a","project":"p","services":{}}',
  ])('%j is no release', (text) => expect(readRelease(text)).toBeUndefined())
  test.each(['', 'no JSON', 'null', '{}', '{"content":{}}'])('%j holds nothing', (text) => {
    expect(readHolds(text)).toEqual({ content: [] })
  })
  test('what was written is read, without entries that are none', () => {
    expect(readRelease(JSON.stringify(release('1', 'a')))).toEqual(release('1', 'a'))
    const app = { reason: 'the fair is on', by: 'ada', at: '2026-01-31T12:00:00.000Z' }
    const text = JSON.stringify({ app, content: [{ service: 'web' }, 'x', {}] })
    expect(readHolds(text)).toEqual({ app, content: [{ service: 'web' }] })
    expect(readHolds('{"app":"x","content":[]}')).toEqual({ content: [] })
  })
})
