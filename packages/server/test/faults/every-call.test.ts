import { DeployError } from '@fairway/core'
import { failAt } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import type { Journal } from '../../src/index.ts'
import { ended, journalIn, locks, machine, serving } from './support/doubles.ts'

/** What a call may fail with: a bug, something for good, and what is tried again. */
const errors: Readonly<Record<string, Error>> = {
  'a bug': new TypeError('no such thing'),
  'a failure': new DeployError('git_failed', 'Cannot do it'),
  'an engine that is away': new DeployError('docker_unavailable', 'The Docker engine does not answer'),
  'a remote that is away': new DeployError('remote_unreachable', 'The remote does not answer'),
}

/** Deploys `before` times without a fault, then with one at the n-th call of all, then without one again. */
async function deployWithFault(n: number, given: { journal: Journal; error: Error; before: number }) {
  const { push, ...real } = machine()
  const endings: string[] = []
  const journal: Journal = {
    ...given.journal,
    ended(id, ending) {
      endings.push(id)
      return given.journal.ended(id, ending)
    },
  }
  const { world, calls } = failAt(n, real, given.error)
  const { server, post, lines } = serving(world, journal)
  for (let i = 0; i < given.before; i++) {
    push(`before ${i}`)
    expect(await ended(journal, await post())).toMatchObject({ status: 'success' })
  }
  const first = calls.length + 1
  push('with a fault')
  const id = await post()
  const deployment = await ended(journal, id)
  const last = calls.length

  expect(endings.filter((of) => of === id)).toHaveLength(1)
  for (const lock of locks) {
    const taken = await real.locks.take(lock, 'test')
    expect(taken, `${lock} after a fault in ${calls[n - 1]}`).toMatchObject({ taken: true })
    if (taken.taken) await taken.lock.release()
  }
  const tip = push('without one again')
  const next = await ended(journal, await post())
  expect(next, `the next one after a fault in ${calls[n - 1]}:\n${lines.join('\n')}`).toMatchObject({
    status: 'success',
    commit: tip,
  })
  expect(await real.git.deployed('/srv/shop', 'shop')).toBe(tip)
  expect(real.compose.running('shop')).toEqual(['web', 'cache'])
  await server.stop()
  return { deployment, first, last }
}

const cases = [
  ...Object.keys(errors).flatMap((what) => [0, 1].map((before) => [what, before, 'memory'] as const)),
  ['a bug', 1, 'sqlite'] as const,
]

test.each(cases)(
  '%s at every call of a deployment after %i others, with the journal in %s',
  async (what, before, kind) => {
    const error = errors[what] ?? new Error()
    const journal = (await journalIn(kind))()
    const { first, last, deployment } = await deployWithFault(Infinity, { journal, error, before })
    expect(deployment.status).toBe('success')
    expect(last - first).toBeGreaterThan(20)
    const statuses: string[] = []
    for (let n = first; n <= last; n++) {
      const { deployment: hit } = await deployWithFault(n, { journal, error, before })
      expect(['success', 'failure']).toContain(hit.status)
      if (hit.status === 'failure') expect(hit.reason).toContain(error.message)
      statuses.push(hit.status)
    }
    // What is away for a moment is waited for in most places; anything else is a failure nearly everywhere.
    expect(statuses).toContain('failure')
  },
)
