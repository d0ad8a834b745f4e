import { expect, test } from 'vitest'
import { judgeSpace, showSize } from '../../src/decisions/judge-space.ts'

const image = (id: string, createdAt: string) => ({ id: `sha256:${id.repeat(64)}`, names: [], createdAt })
const input = { app: 'shop', minFree: 2e9, images: [], containers: [] }

test('enough everywhere is enough', () => {
  expect(judgeSpace({ ...input, found: [{ path: '/srv/shop', free: 2e9 }] })).toBeUndefined()
})

test('too little is told with where, how much is wanted, and what could go', () => {
  const error = judgeSpace({
    ...input,
    found: [
      { path: '/var/lib/docker', free: 1_234_567_890 },
      { path: '/srv/shop', free: 9e9 },
    ],
    images: [
      image('c', '2026-03-01T00:00:00Z'),
      image('a', '2026-01-01T00:00:00Z'),
      image('b', '2026-02-01T00:00:00Z'),
    ],
    containers: [{ image: `sha256:${'c'.repeat(64)}` }],
  })
  expect(error).toMatchObject({
    code: 'disk_full',
    message: 'Cannot build shop: only 1.2 GB in /var/lib/docker is free, and `server.disk.minFree` is 2 GB',
    hint: 'Nothing was touched. See what takes the room: docker system df; docker builder prune; images that Fairway built and no container of this app uses, oldest first: docker rmi aaaaaaaaaaaa bbbbbbbbbbbb',
  })
})

test('without images of its own none is named, and both places are', () => {
  const found = ['/var/lib/docker', '/srv/shop'].map((path) => ({ path, free: 0 }))
  expect(judgeSpace({ ...input, found })).toMatchObject({
    message:
      'Cannot build shop: only 0 bytes in /var/lib/docker, 0 bytes in /srv/shop are free, and `server.disk.minFree` is 2 GB',
    hint: 'Nothing was touched. See what takes the room: docker system df; docker builder prune',
  })
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_500, '1.5 kB'],
  [500e6, '500 MB'],
  [1_999_999_999, '1.9 GB'],
  [2e9, '2 GB'],
  [3.2e12, '3.2 TB'],
])('shows %d as %s', (bytes, shown) => {
  expect(showSize(bytes)).toBe(shown)
})
