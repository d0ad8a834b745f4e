import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fileLocks } from '../../src/executors/file-locks.ts'
import { lockHolder } from '../../src/executors/file-locks/lock-holder.ts'

test('who holds a lock is told without getting in the way', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fairway-locks-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const environment = { FAIRWAY_LOCKS: directory }
  const locks = fileLocks({ environment })
  expect(await lockHolder('checkout:/srv/shop', { environment: environment })).toBeUndefined()

  const attempt = await locks.take('checkout:/srv/shop', 'fairway serve, shop')
  if (!attempt.taken) throw new Error('The lock was not free')
  const before = await readdir(directory)
  expect(await lockHolder('checkout:/srv/shop', { environment: environment })).toMatchObject({
    pid: process.pid,
    who: 'fairway serve, shop',
  })
  expect(await lockHolder('checkout:/srv/blog', { environment: environment })).toBeUndefined()
  expect(await readdir(directory)).toEqual(before)

  await attempt.lock.release()
  expect(await lockHolder('checkout:/srv/shop', { environment: environment })).toBeUndefined()
})
