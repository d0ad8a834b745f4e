import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Knocks, knocks } from '../../src/journal/sqlite/knock.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
const endings: (() => void)[] = []
let directory: string
beforeEach(() => {
  directory = folders.make()
})
afterEach(() => {
  for (const end of endings.splice(0)) end()
  return folders.remove()
})

interface Heard {
  readonly count: () => number
  /** Resolves at the next knock. */
  readonly next: () => Promise<void>
  readonly stop: () => void
}

/** Listens as one process does. */
function hear(process: Knocks, how: 'watch' | 'follow'): Heard {
  let count = 0
  let wake = (): void => {}
  const stop = process[how](() => {
    count += 1
    wake()
  })
  endings.push(stop)
  return {
    count: () => count,
    next: () =>
      new Promise((resolve) => {
        wake = resolve
      }),
    stop,
  }
}

describe('a process that stores something', () => {
  test('is heard by the one that works, and not by those that follow it', async () => {
    const [server, follower, asking] = [knocks(directory), knocks(directory), knocks(directory)]
    const [worked, followed] = [hear(server, 'watch'), hear(follower, 'follow')]
    const heard = worked.next()
    asking.knock()
    await heard
    // What the server stores then comes after it: had the follower heard the first, it would have counted by now.
    const before = followed.count()
    const told = followed.next()
    server.knock()
    await told
    expect(before).toBe(0)
  })

  test('and works is heard by those that follow it, and not by itself', async () => {
    const [server, one, other] = [knocks(directory), knocks(directory), knocks(directory)]
    const worked = hear(server, 'watch')
    const followers = [hear(one, 'follow'), hear(other, 'follow')]
    const told = Promise.all(followers.map((follower) => follower.next()))
    server.knock()
    await told
    expect(worked.count()).toBe(0)
  })

  test('asks again when it works no more', async () => {
    const [first, second] = [knocks(directory), knocks(directory)]
    hear(first, 'watch').stop()
    const worked = hear(second, 'watch')
    const heard = worked.next()
    first.knock()
    await heard
    expect(worked.count()).toBeGreaterThan(0)
  })

  test('makes no file where nobody listens, and is no error where a file went', () => {
    const alone = knocks(directory)
    alone.knock()
    expect(readdirSync(directory)).toEqual([])
    hear(alone, 'watch')
    rmSync(join(directory, 'journal.asked'))
    expect(() => alone.knock()).not.toThrow()
    expect(existsSync(join(directory, 'journal.done'))).toBe(false)
  })

  test('touches a file that only its user may read, and writes nothing into it', () => {
    const server = knocks(directory)
    hear(server, 'watch')
    hear(server, 'follow')
    server.knock()
    for (const name of readdirSync(directory)) {
      const { mode, size } = statSync(join(directory, name))
      expect([mode & 0o777, size]).toEqual([0o600, 0])
    }
    expect(readdirSync(directory).toSorted()).toEqual(['journal.asked', 'journal.done'])
  })
})

test('who cannot listen, as in a folder that is gone, looks by itself', () => {
  const gone = knocks(join(directory, 'gone'))
  const { stop, count } = hear(gone, 'watch')
  gone.knock()
  stop()
  expect(count()).toBe(0)
})
