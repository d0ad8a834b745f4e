import { fakeLocks } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { reportWaiting } from '../../src/log/report-waiting.ts'
import { recordingLogger } from '../support/recording-logger.ts'

test('says once for each holder who waits for which lock, and again after it had the lock', async () => {
  const events: unknown[] = []
  const inner = fakeLocks()
  const locks = reportWaiting(inner, { ...recordingLogger(), event: (fields) => void events.push(fields) })
  const take = () => locks.take('checkout:/srv/shop', 'fairway serve, shop')
  const holder = { pid: 7, who: 'fairway deploy, shop', since: '2026-01-31T12:00:00.000Z' }
  const waiting = {
    message: 'waiting',
    who: 'fairway serve, shop',
    lock: 'checkout:/srv/shop',
    holder: holder.who,
    pid: 7,
    since: holder.since,
  }
  inner.hold('checkout:/srv/shop', holder)
  await take()
  await take()
  expect(events).toEqual([waiting])
  inner.hold('checkout:/srv/shop', { ...holder, pid: 8 })
  await take()
  expect(events).toEqual([waiting, { ...waiting, pid: 8 }])
  inner.free('checkout:/srv/shop')
  expect(await take()).toMatchObject({ taken: true })
  inner.hold('checkout:/srv/shop', holder)
  await take()
  expect(events).toHaveLength(3)
})
