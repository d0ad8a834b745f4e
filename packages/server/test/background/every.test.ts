import { fakeClock } from '@fairway/core/testing'
import { expect, test, vi } from 'vitest'
import { every } from '../../src/background/every.ts'
import { inParallel } from '../../src/background/in-parallel.ts'

test('does it at once and again after each pause, one turn at a time, until it is stopped', async () => {
  const clock = fakeClock()
  let atWork = 0
  let turns = 0
  const loop = every({ pause: () => 1_000, clock, onError: () => {} }, async () => {
    expect(++atWork).toBe(1)
    turns++
    await new Promise((resolve) => setTimeout(resolve, 1))
    atWork--
  })
  await vi.waitFor(() => expect(turns).toBeGreaterThan(3))
  await loop.stop()
  const [ended, time] = [turns, clock.monotonic()]
  expect(time).toBeGreaterThanOrEqual((ended - 1) * 1_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(turns).toBe(ended)
})

test('a turn that fails is told, and the next one comes', async () => {
  const errors: unknown[] = []
  let turns = 0
  const loop = every({ pause: () => 1, clock: fakeClock(), onError: (error) => errors.push(error) }, () => {
    if (++turns === 1) throw new Error('once')
  })
  await vi.waitFor(() => expect(turns).toBeGreaterThan(1))
  await loop.stop()
  expect(errors).toEqual([new Error('once')])
})

test('asked, the next turn comes without the pause', async () => {
  const clock = { ...fakeClock(), sleep: sleepForEver }
  let turns = 0
  const loop = every({ pause: () => 1_000, clock, onError: () => {} }, () => void turns++)
  await vi.waitFor(() => expect(turns).toBe(1))
  await new Promise((resolve) => setTimeout(resolve, 5))
  loop.again()
  await vi.waitFor(() => expect(turns).toBe(2))
  await loop.stop()
})

test('stopping tells the turn at work and waits for it', async () => {
  let told = false
  const loop = every({ pause: () => 1, clock: fakeClock(), onError: () => {} }, async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    told = true
  })
  await loop.stop()
  expect(told).toBe(true)
})

test('so many at once, and all of them', async () => {
  let [now, most] = [0, 0]
  const done: number[] = []
  await inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 2))
    done.push(item)
    now--
  })
  expect(most).toBe(2)
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
})

function sleepForEver(_: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason as Error)
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })
}
