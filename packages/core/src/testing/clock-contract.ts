import assert from 'node:assert/strict'
import type { Clock } from '../executors/clock.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What every `Clock` keeps. */
export function clockContract(make: Make<{ readonly clock: Clock }>): readonly ContractCase[] {
  return contractCases(make, {
    'time passes while one sleeps': async ({ clock }) => {
      const [wall, steady] = [clock.now().getTime(), clock.monotonic()]
      await clock.sleep(50)
      // A real timer may fire up to a millisecond early.
      assert.ok(clock.now().getTime() - wall >= 48)
      assert.ok(clock.monotonic() - steady >= 48)
    },

    'never runs backwards': async ({ clock }) => {
      let last = clock.monotonic()
      for (let round = 0; round < 5; round += 1) {
        await clock.sleep(0)
        assert.ok(clock.monotonic() >= last)
        last = clock.monotonic()
      }
    },

    'sleeping lets others go on': async ({ clock }) => {
      const order: string[] = []
      const other = Promise.resolve().then(() => order.push('other'))
      await clock.sleep(1)
      order.push('sleeper')
      await other
      assert.deepEqual(order, ['other', 'sleeper'])
    },

    'an aborted signal ends the sleep before it begins, with its reason': async ({ clock }) => {
      const reason = new Error('stop')
      await assert.rejects(clock.sleep(600_000, AbortSignal.abort(reason)), (error) => error === reason)
    },

    'a signal that aborts meanwhile ends the sleep, with its reason': async ({ clock }) => {
      const reason = new Error('stop')
      const controller = new AbortController()
      const asleep = clock.sleep(600_000, controller.signal)
      controller.abort(reason)
      await assert.rejects(asleep, (error) => error === reason)
    },

    'gives a date of its own each time': ({ clock }) => {
      const before = clock.now().getTime()
      clock.now().setTime(0)
      assert.ok(clock.now().getTime() >= before)
    },
  })
}
