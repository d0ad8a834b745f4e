import { expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import { pipeline } from '../../src/pipeline.ts'
import { lockCheckout } from '../../src/steps/lock-checkout.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'

const app = defineApp({ name: 'shop', repository: 'ada/shop', path: '/srv/shop' })

test('holds the checkout while later steps run, and gives it back', async () => {
  const locks = fakeLocks()
  const outcome = await pipeline<{ app: typeof app }>()
    .use(lockCheckout({ locks, files: fakeFiles() }))
    .use('pull', async () => ({ other: await locks.take('checkout:/srv/shop', 'other') }))
    .run({ app })
  expect(outcome).toMatchObject({
    status: 'success',
    ctx: { other: { taken: false, holder: { who: 'fairway, shop' } } },
  })
  expect(locks.calls).toEqual([
    'take checkout:/srv/shop',
    'take checkout:/srv/shop',
    'release checkout:/srv/shop',
  ])
})

test('locks the real path, so that two names of one checkout exclude each other', async () => {
  const [locks, files] = [fakeLocks(), fakeFiles()]
  files.link('/srv/shop', '/data/checkouts/shop')
  await pipeline<{ app: typeof app }>().use(lockCheckout({ locks, files })).run({ app })
  expect(locks.calls[0]).toBe('take checkout:/data/checkouts/shop')
})

test('gives the checkout back after a failure too', async () => {
  const locks = fakeLocks()
  const outcome = await pipeline<{ app: typeof app }>()
    .use(lockCheckout({ locks, files: fakeFiles() }))
    .use('pull', () => {
      throw new Error('broken')
    })
    .run({ app })
  expect(outcome.status).toBe('failure')
  expect(locks.calls.at(-1)).toBe('release checkout:/srv/shop')
})

test('without waiting fails when another process is at it', async () => {
  const locks = fakeLocks()
  locks.hold('checkout:/srv/shop')
  const options = { locks, files: fakeFiles(), wait: false, who: 'fairway deploy', clock: fakeClock() }
  const outcome = await pipeline<{ app: typeof app }>().use(lockCheckout(options)).run({ app })
  expect(outcome).toMatchObject({
    status: 'failure',
    step: 'lockCheckout',
    error: {
      code: 'locked',
      message:
        'Cannot deploy shop: its checkout /srv/shop is held by fairway serve (pid 123) since 2026-01-31T12:00:00.000Z',
    },
  })
  expect(locks.calls).toEqual(['take checkout:/srv/shop'])
})
