import { beforeEach, describe, expect, test } from 'vitest'
import type { Lock, Locks } from '../../src/executors/locks.ts'
import { pipeline } from '../../src/pipeline.ts'
import { type Run, trackChildren } from '../../src/run.ts'
import { holdLock, projectLockName } from '../../src/steps/hold-lock.ts'
import { type FakeClock, fakeClock } from '../../src/testing/fake-clock.ts'
import { type FakeLocks, fakeLocks } from '../../src/testing/fake-locks.ts'

const what = 'checkout:/srv/shop'
const describeLock = { app: 'shop', what: 'its checkout /srv/shop' }

let locks: FakeLocks
let clock: FakeClock
let cleanups: Parameters<Run['defer']>[0][]
let lines: string[]
/** What a test does when a line is logged: the only moment at which it can step in. */
let onLine: (line: string) => void
let run: Run & { readonly children: NonNullable<Run['children']> }

beforeEach(() => {
  locks = fakeLocks()
  clock = fakeClock()
  cleanups = []
  lines = []
  onLine = () => {}
  run = {
    log: { debug: write, info: write, warn: write, error: write },
    signal: new AbortController().signal,
    output: () => {},
    defer: (cleanup) => void cleanups.push(cleanup),
    children: trackChildren(),
  }
})

function write(line: string): void {
  lines.push(line)
  onLine(line)
}

const hold = (over: { wait?: boolean; locks?: Locks; signal?: AbortSignal } = {}): Promise<void> =>
  holdLock(
    over.locks ?? locks,
    what,
    { who: 'fairway deploy, shop', wait: over.wait ?? true, clock, describe: describeLock },
    { ...run, signal: over.signal ?? run.signal },
  )

describe('holdLock', () => {
  test('takes a free lock without a word, and defers giving it back', async () => {
    await hold()
    expect(locks.calls).toEqual([`take ${what}`])
    expect(lines).toEqual([])
    for (const cleanup of cleanups) await cleanup('failure')
    expect(locks.calls).toEqual([`take ${what}`, `release ${what}`])
  })

  test('fails at once when it may not wait, naming the holder', async () => {
    locks.hold(what, { pid: 123, who: 'fairway serve', since: '2026-01-31T12:00:00.000Z' })
    await expect(hold({ wait: false })).rejects.toMatchObject({
      code: 'locked',
      message:
        'Cannot deploy shop: its checkout /srv/shop is held by fairway serve (pid 123) since 2026-01-31T12:00:00.000Z',
      hint: expect.stringContaining('process 123'),
    })
    expect(cleanups).toEqual([])
    expect(clock.monotonic()).toBe(0)
  })

  test('waits, and says so once', async () => {
    locks.hold(what)
    const begun = hold()
    while (clock.monotonic() < 1_000) await clock.sleep(0)
    locks.free(what)
    await begun
    expect(locks.calls.length).toBeGreaterThanOrEqual(5)
    expect(lines).toEqual([
      'shop waits: its checkout /srv/shop is held by fairway serve (pid 123) since 2026-01-31T12:00:00.000Z',
    ])
  })

  test('says so again when another one has it', async () => {
    locks.hold(what)
    onLine = () =>
      lines.length === 1 ? locks.hold(what, { who: 'fairway deploy, blog', pid: 7 }) : locks.free(what)
    await hold()
    expect(lines.map((line) => /held by (.*) since/.exec(line)?.[1])).toEqual([
      'fairway serve (pid 123)',
      'fairway deploy, blog (pid 7)',
    ])
    expect(clock.monotonic()).toBe(400)
  })

  test('waits no longer when the run is cancelled', async () => {
    const stop = new AbortController()
    locks.hold(what)
    onLine = () => stop.abort(new Error('shutting down'))
    await expect(hold({ signal: stop.signal })).rejects.toThrow('shutting down')
    expect(cleanups).toEqual([])
  })

  test('notes what runs under it, until it is given back', async () => {
    run.children.started(11)
    await hold()
    run.children.started(12)
    run.children.ended(11)
    for (const cleanup of cleanups) await cleanup('success')
    run.children.started(13)
    expect(locks.notes).toEqual([`${what} 11`, `${what} 11 12`, `${what} 12`])
  })

  test('a note that fails is told, and does not stop the command it is about', async () => {
    await hold({
      locks: withNote(locks, () => {
        throw new Error('no space left on device')
      }),
    })
    run.children.started(12)
    expect(lines.at(-1)).toContain('(process groups: 12): Error: no space left on device')
  })

  test('works where nobody counts children', async () => {
    const { children: _, ...alone } = run
    await holdLock(locks, what, { who: 'x', wait: true, clock, describe: describeLock }, alone)
    expect(locks.calls).toEqual([`take ${what}`])
  })

  test('gives the lock back after everything that is deferred later', async () => {
    const order: string[] = []
    await pipeline()
      .use('lock', async (_, given) => {
        await holdLock(locks, what, { who: 'x', wait: true, clock, describe: describeLock }, given)
      })
      .use('work', (_, { defer }) => {
        defer(() => void order.push(...locks.calls, 'cleanup of work'))
      })
      .run({})
    expect(order).toEqual([`take ${what}`, 'cleanup of work'])
    expect(locks.calls).toEqual([`take ${what}`, `release ${what}`])
  })
})

test('a project lock is named by engine and project, whatever the case', () => {
  expect(projectLockName('unix:///var/run/docker.sock', 'Shop')).toBe(
    'project:unix:///var/run/docker.sock/shop',
  )
})

function withNote(inner: Locks, note: Lock['note']): Locks {
  return {
    async take(name, who) {
      const answer = await inner.take(name, who)
      return answer.taken ? { taken: true, lock: { ...answer.lock, note } } : answer
    },
  }
}
