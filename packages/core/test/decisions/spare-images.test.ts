import { expect, test } from 'vitest'
import { lostNames, spareImages } from '../../src/decisions/spare-images.ts'
import type { Image } from '../../src/domain/image.ts'
import type { Release } from '../../src/domain/release.ts'

const image = (id: string, changes: Partial<Image> = {}): Image => ({
  id,
  names: [],
  app: 'shop',
  createdAt: '2026-01-01T00:00:00.000Z',
  ...changes,
})

const release = (services: Release['services']): Release => ({
  id: '20260101T000000.000Z-c0ffee0',
  commit: 'c0ffee0'.padEnd(40, '0'),
  ref: 'refs/heads/main',
  at: '2026-01-01T00:00:00.000Z',
  project: 'shop',
  plan: { app: 'shop', commit: '', services: [] },
  services,
})

const recorded = { services: { web: { image: 'deployed' } }, unsettled: [] }

test.each<[string, Image, readonly string[]]>([
  ['has no name and is of nothing', image('old'), ['old']],
  ['still has a name, whatever it is', image('old', { names: ['shop-web:latest'] }), []],
  ['is kept by the name of a release of another server', image('old', { names: ['fairway/shop/web:1'] }), []],
  ['is of another app', image('old', { app: 'blog' }), []],
  ['was not built by Fairway', { id: 'old', names: [], createdAt: '2026-01-01T00:00:00.000Z' }, []],
  ['is of a kept release', image('kept'), []],
  ['is what is deployed', image('deployed'), []],
])('an image that %s', (_, found, spare) => {
  const releases = [release({ web: { image: 'kept' }, job: {} })]
  expect(spareImages({ images: [found], app: 'shop', releases, recorded })).toEqual(spare)
})

test('before the first success everything without a name is spare', () => {
  expect(spareImages({ images: [image('a')], app: 'shop', releases: [], recorded: undefined })).toEqual(['a'])
})

test('the image of a kept release gets a lost name back, where it is still there', () => {
  const releases = [
    release({
      web: { image: 'a', tag: 'fairway/shop/web:a' },
      api: { image: 'b', tag: 'fairway/shop/api:b' },
    }),
    release({ web: { image: 'gone', tag: 'fairway/shop/web:gone' }, db: { image: 'pulled' } }),
  ]
  const images = [image('a', { names: ['shop-web:latest'] }), image('b', { names: ['fairway/shop/api:b'] })]
  expect([...lostNames(releases, images)]).toEqual([['fairway/shop/web:a', 'a']])
})
