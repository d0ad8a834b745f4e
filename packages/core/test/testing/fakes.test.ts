import { describe, expect, test } from 'vitest'
import { clockContract } from '../../src/testing/clock-contract.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'
import { filesContract, type FilesUnderTest } from '../../src/testing/files-contract.ts'
import { locksContract } from '../../src/testing/locks-contract.ts'

describe('fakeLocks', () => {
  test.for(locksContract(() => ({ locks: fakeLocks() })))('$name', ({ run }) => run())

  test('records what is asked, and lets another hold', async () => {
    const locks = fakeLocks()
    locks.hold('project:unix/shop', { pid: 7 })
    expect(await locks.take('project:unix/shop', 'fairway')).toMatchObject({
      taken: false,
      holder: { pid: 7 },
    })
    locks.free('project:unix/shop')
    const answer = await locks.take('project:unix/shop', 'fairway')
    if (answer.taken) {
      answer.lock.note([12, 13])
      await answer.lock.release()
    }
    expect(locks.calls).toEqual([
      'take project:unix/shop',
      'take project:unix/shop',
      'release project:unix/shop',
    ])
    expect(locks.notes).toEqual(['project:unix/shop 12 13'])
  })
})

describe('fakeFiles', () => {
  test.for(filesContract(memoryFolder))('$name', ({ run }) => run())

  test('starts with what it is given, and records what it removes', async () => {
    const files = fakeFiles({ '/srv/shop/.env': 'DEBUG=1\n' })
    expect(await files.exists('/srv/shop')).toBe(true)
    expect(await files.modifiedAt('/srv/shop/.env')).toBe(0)
    files.write('/srv/shop/.env', 'DEBUG=0\n', 5)
    expect(await files.modifiedAt('/srv/shop/.env')).toBe(5)
    await files.remove('/srv/shop/.env')
    expect(files.calls).toEqual(['remove /srv/shop/.env'])
    expect(await files.exists('/srv/shop')).toBe(false)
  })
})

describe('fakeClock', () => {
  test.for(clockContract(() => ({ clock: fakeClock() })))('$name', ({ run }) => run())

  test('passes only when told and when somebody sleeps', async () => {
    const clock = fakeClock()
    clock.advance(1_000)
    await clock.sleep(60_000)
    expect(clock.now().toISOString()).toBe('2026-01-31T12:01:01.000Z')
    expect(clock.monotonic()).toBe(61_000)
  })

  test('passes no time when a sleep is cancelled before it begins', async () => {
    const clock = fakeClock()
    await expect(clock.sleep(60_000, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
    expect(clock.monotonic()).toBe(0)
  })
})

function memoryFolder(): FilesUnderTest {
  const files = fakeFiles()
  return { files, directory: '/srv', write: files.write, link: files.link }
}
