import { identify, type ProcessId } from '@fairway/core'
import { fakeLocks } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import type { Executors } from '../../src/index.ts'
import { ended, journalIn, machine, serving } from './support/doubles.ts'

/** A process with our pid that started at another time: one that is dead by now. */
const dead: ProcessId = { pid: process.pid, startTime: '0' }

/** The same executors in a process that is killed in its n-th call: from there on nothing it does has an effect. */
function killAt(n: number, world: Executors) {
  const { promise: killed, resolve: kill } = Promise.withResolvers<void>()
  let calls = 0
  const wrap = <Executor extends object>(executor: Executor): Executor => {
    const methods = Object.entries(executor).map(([name, method]: [string, unknown]) => {
      if (typeof method !== 'function' || ['now', 'monotonic'].includes(name)) return [name, method]
      return [
        name,
        (...given: readonly unknown[]): unknown => {
          if (++calls === n) kill()
          return calls >= n
            ? new Promise(() => {})
            : (method as (...all: readonly unknown[]) => unknown)(...given)
        },
      ]
    })
    return Object.fromEntries(methods) as Executor
  }
  const wrapped = Object.fromEntries(
    Object.entries(world).map(([name, executor]) => [name, wrap(executor as object)]),
  )
  return { world: wrapped as unknown as Executors, killed, calls: () => calls }
}

async function deployKilledAt(n: number) {
  const { push, ...real } = machine()
  const open = await journalIn('sqlite')
  const tip = push('1')
  const before = open(dead)
  const { world, killed, calls } = killAt(n, real)
  const first = serving(world, before)
  const id = await first.post()
  await Promise.race([killed, ended(before, id)])
  await before.close()

  // Locks die with their holder.
  const journal = open(identify(process.pid))
  const second = serving({ ...real, locks: fakeLocks() }, journal)
  const deployment = await ended(journal, id)
  expect(await real.git.deployed('/srv/shop', 'shop')).toBe(tip)
  expect(real.compose.running('shop')).toEqual(['web', 'cache'])
  await second.server.close()
  return { deployment, tip, calls: calls(), lines: second.lines }
}

test('F1 to F6: killed at every call, it is taken up by the next start as another attempt, and succeeds', async () => {
  const { calls, deployment } = await deployKilledAt(Infinity)
  expect(deployment).toMatchObject({ status: 'success', attempt: 1 })
  expect(calls).toBeGreaterThan(20)
  for (let n = 1; n <= calls; n++) {
    const killed = await deployKilledAt(n)
    expect(killed.deployment).toMatchObject({ status: 'success', attempt: 2, commit: killed.tip })
    expect(killed.lines[0]).toMatch(/was interrupted; it is taken up again, as attempt 2\./)
  }
})
