import assert from 'node:assert/strict'
import type { Release } from '../domain/release.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'
import type { CheckedOut, GitUnderTest } from './git-contract.ts'

/** The part of `gitContract` about releases and holds. */
export function gitReleasesContract(
  make: Make<GitUnderTest>,
  checkedOut: CheckedOut,
): readonly ContractCase[] {
  const release = (id: string, commit: string): Release => ({
    id,
    commit,
    ref: 'refs/heads/main',
    at: '2026-01-31T12:00:00.000Z',
    project: 'shop',
    plan: { app: 'shop', commit, services: [{ service: 'wéb', action: 'build', because: ['a\nb  c'] }] },
    services: { wéb: { image: 'sha256:1', mounts: { 'a b': '1' } } },
  })
  return contractCases(make, {
    'keeps releases of an app, gives them newest first, and forgets those it is told to': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git } = made
      const ids = async (): Promise<readonly string[]> =>
        (await git.releases(checkout.path, 'shop')).map(({ id }) => id)
      assert.deepEqual(await ids(), [])
      const [old, young] = ['20260131T120000.000Z-0123456', '20260201T120000.000Z-0123456'] as const
      await git.keepRelease(checkout.path, 'shop', release(young, commit))
      await git.keepRelease(checkout.path, 'shop', release(old, commit))
      await git.keepRelease(checkout.path, 'other', release(old, commit))
      assert.deepEqual(await git.releases(checkout.path, 'shop'), [
        release(young, commit),
        release(old, commit),
      ])
      await git.dropReleases(checkout.path, 'shop', [old, '20990101T000000.000Z-0123456'])
      assert.deepEqual(await ids(), [young])
      assert.equal((await git.releases(checkout.path, 'other')).length, 1)
    },

    'writes down what is held, and nothing of it stays when nothing is': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git } = made
      assert.deepEqual(await git.holds(checkout.path, 'shop'), { content: [] })
      assert.deepEqual(await git.holds(`${checkout.path}-not-there`, 'shop'), { content: [] })
      const at = '2026-01-31T12:00:00.000Z'
      const holds = {
        app: { reason: 'the fair is on', by: 'ada', at },
        content: [{ service: 'web', buildKey: '1', commit, reason: 'web is unhealthy', at }],
      }
      assert.deepEqual(await git.changeHolds(checkout.path, 'shop', () => holds), holds)
      assert.deepEqual(await git.holds(checkout.path, 'shop'), holds)
      assert.deepEqual(await git.holds(checkout.path, 'other'), { content: [] })
      await git.changeHolds(checkout.path, 'shop', () => ({ content: [] }))
      assert.deepEqual(await git.holds(checkout.path, 'shop'), { content: [] })
    },

    'loses nothing of what several hold in the same moment': async (made) => {
      const { commit, checkout } = await checkedOut(made)
      const { git } = made
      const at = '2026-01-31T12:00:00.000Z'
      const services = ['api', 'db', 'mail', 'queue', 'web']
      const hold = (service: string) =>
        git.changeHolds(checkout.path, 'shop', (holds) => ({
          ...holds,
          content: [...holds.content, { service, commit, reason: 'it is unhealthy', at }],
        }))
      const app = { reason: 'the fair is on', by: 'ada', at }
      await Promise.all([
        ...services.map(hold),
        git.changeHolds(checkout.path, 'shop', (holds) => ({ ...holds, app })),
      ])
      const held = await git.holds(checkout.path, 'shop')
      assert.deepEqual(held.app, app)
      assert.deepEqual(held.content.map(({ service }) => service).toSorted(), services)
    },
  })
}
