import assert from 'node:assert/strict'
import type { Lock, Locks } from '../executors/locks.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What every `Locks` keeps, within one process. */
export function locksContract(make: Make<{ readonly locks: Locks }>): readonly ContractCase[] {
  return contractCases(make, {
    'tells a second one who has the lock': async ({ locks }) => {
      const lock = await takeFree(locks, 'checkout:/srv/shop', 'fairway serve, shop')
      const second = await locks.take('checkout:/srv/shop', 'fairway deploy, shop')
      assert.ok(!second.taken)
      assert.equal(second.holder.who, 'fairway serve, shop')
      assert.ok(second.holder.pid > 0)
      assert.equal(new Date(second.holder.since).toISOString(), second.holder.since)
      await lock.release()
    },

    'gives a lock that was given back to the next who asks': async ({ locks }) => {
      for (const who of ['first', 'second', 'third']) {
        const lock = await takeFree(locks, 'project:unix/shop', who)
        await lock.release()
      }
    },

    'gives one of many who ask at once the lock, and only one': async ({ locks }) => {
      const names = Array.from({ length: 20 }, (_, index) => `run ${index}`)
      const answers = await Promise.all(names.map((who) => locks.take('checkout:/srv/shop', who)))
      assert.equal(answers.filter(({ taken }) => taken).length, 1)
    },

    'keeps locks of different names apart': async ({ locks }) => {
      const names = [
        'checkout:/srv/shop',
        'checkout:/srv/shop/',
        'checkout:/srv/Shop',
        'project:unix/shop',
        '../x',
        '',
      ]
      for (const what of names) await takeFree(locks, what, 'fairway')
    },

    'giving back twice does not take the lock from the next holder': async ({ locks }) => {
      const first = await takeFree(locks, 'checkout:/srv/shop', 'first')
      await first.release()
      await takeFree(locks, 'checkout:/srv/shop', 'second')
      await first.release()
      const third = await locks.take('checkout:/srv/shop', 'third')
      assert.ok(!third.taken)
      assert.equal(third.holder.who, 'second')
    },

    'noting groups neither gives the lock back nor, after that, takes it again': async ({ locks }) => {
      const lock = await takeFree(locks, 'checkout:/srv/shop', 'first')
      for (const groups of [[unusedPid], [unusedPid, unusedPid - 1], []]) lock.note(groups)
      assert.ok(!(await locks.take('checkout:/srv/shop', 'second')).taken)
      await lock.release()
      lock.note([unusedPid])
      await takeFree(locks, 'checkout:/srv/shop', 'second')
    },
  })
}

/** Above what Linux ever gives out: no process's group. */
const unusedPid = 2 ** 22 + 7

async function takeFree(locks: Locks, what: string, who: string): Promise<Lock> {
  const answer = await locks.take(what, who)
  assert.ok(answer.taken, `${what} should be free for ${who}`)
  return answer.lock
}
