import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { retry, retryDelay, type RetryOptions } from '../src/retry.ts'
import { fakeClock } from '../src/testing/fake-clock.ts'

test('the waits grow twofold, a quarter less or more by chance', () => {
  const at = (random: number): readonly number[] =>
    [1, 2, 3].map((attempt) => retryDelay(attempt, () => random))
  expect([at(0), at(0.5), at(1)]).toEqual([
    [1_500, 3_000, 6_000],
    [2_000, 4_000, 8_000],
    [2_500, 5_000, 10_000],
  ])
})

describe('retry', () => {
  /** Runs a task that fails in its first attempts, each of which takes `lasts` milliseconds. */
  async function run(failures: number, options: Partial<RetryOptions> & { lasts?: number } = {}) {
    const clock = fakeClock()
    const lefts: number[] = []
    const told: string[] = []
    const result = await retry(
      async (left) => {
        lefts.push(left)
        clock.advance(options.lasts ?? 100)
        if (lefts.length <= failures) throw new Error(`failure ${lefts.length}`)
        return 'done'
      },
      {
        clock,
        random: () => 0.5,
        deadline: 120_000,
        signal: new AbortController().signal,
        isTransient: () => true,
        again: (error, { delay, attempt, attempts }) =>
          void told.push(`${(error as Error).message}: ${attempt} of ${attempts} in ${delay}`),
        ...options,
      },
    ).catch((error: unknown) => error)
    return { result, lefts, told, passed: clock.monotonic() }
  }

  test('gives what succeeds at once, without a wait', async () => {
    expect(await run(0)).toEqual({ result: 'done', lefts: [120_000], told: [], passed: 100 })
  })

  test('tries again what fails, tells each wait before it, and what is left each time', async () => {
    expect(await run(3)).toEqual({
      result: 'done',
      lefts: [120_000, 117_900, 113_800, 105_700],
      told: ['failure 1: 2 of 4 in 2000', 'failure 2: 3 of 4 in 4000', 'failure 3: 4 of 4 in 8000'],
      passed: 14_400,
    })
  })

  test('ends after the last attempt with its error', async () => {
    const { result, lefts } = await run(9)
    expect([result, lefts.length]).toEqual([new Error('failure 4'), 4])
  })

  test('does not try again what will not pass', async () => {
    const { result, told } = await run(9, { isTransient: () => false })
    expect([result, told]).toEqual([new Error('failure 1'), []])
  })

  test('never waits beyond the deadline', async () => {
    const { result, lefts, passed } = await run(9, { lasts: 5_000, deadline: 12_500 })
    expect([result, lefts, passed]).toEqual([new Error('failure 2'), [12_500, 5_500], 12_000])
  })

  test('ends while it waits when the run is cancelled', async () => {
    const cancelling = new AbortController()
    const { result, lefts } = await run(9, {
      signal: cancelling.signal,
      again: () => cancelling.abort(new Error('enough')),
    })
    expect([result, lefts.length]).toEqual([new Error('enough'), 1])
  })

  test('whatever the chance and the length of attempts, the deadline holds', async () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    await fc.assert(
      fc.asyncProperty(chance, fc.nat(20_000), fc.nat(60_000), async (random, lasts, deadline) => {
        const { passed, lefts } = await run(9, { random: () => random, lasts, deadline })
        expect(lefts.length).toBeLessThanOrEqual(4)
        // The attempts themselves are told what is left, and end by that.
        expect(passed - lasts).toBeLessThan(Math.max(deadline, 1))
      }),
    )
  })
})
