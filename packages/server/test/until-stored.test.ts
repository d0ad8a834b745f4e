import { expect, test, vi } from 'vitest'
import { untilStored } from '../src/until-stored.ts'
import { manualClock } from './support/manual-clock.ts'

const full = new Error('the disk is full')

/** A store that fails for so many tries. */
function storing({ fails = Infinity, within }: { fails?: number; within?: number } = {}) {
  const clock = manualClock()
  const stopping = new AbortController()
  const told: unknown[] = []
  let tries = 0
  const stored = untilStored(
    async () => {
      tries += 1
      if (tries <= fails) throw full
      return 'stored'
    },
    {
      clock,
      giveUp: stopping.signal,
      ...(within === undefined ? {} : { within }),
      onFailure: (error) => void told.push(error),
    },
  )
  stored.catch(() => {})
  /** Lets some seconds pass, as many times. */
  const pass = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const before = tries
      clock.advance(10_000)
      await vi.waitFor(() => expect(tries).toBeGreaterThan(before))
    }
  }
  return { clock, stored, stopping, told, pass, tries: () => tries }
}

test('what fails for a time is stored then, and told once', async () => {
  const { stored, pass, told } = storing({ fails: 5 })
  await vi.waitFor(() => expect(told).toEqual([full]))
  await pass(5)
  expect(await stored).toBe('stored')
  expect(told).toEqual([full])
})

test('with a limit it is given up after that, and not before', async () => {
  const { stored, pass, tries, told } = storing({ within: 30_000 })
  await vi.waitFor(() => expect(told).toEqual([full]))
  await pass(2)
  expect(await Promise.race([stored.catch(() => 'given up'), Promise.resolve('tried')])).toBe('tried')
  await pass(1)
  await expect(stored).rejects.toBe(full)
  expect(tries()).toBe(4)
})

test('whoever stops gets one more try, at once', async () => {
  const { stored, stopping, tries, told } = storing()
  await vi.waitFor(() => expect(told).toEqual([full]))
  stopping.abort()
  await expect(stored).rejects.toBe(full)
  expect(tries()).toBe(2)
})
