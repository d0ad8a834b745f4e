import { fakeClock } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { begin, deploy, type Open, push, queue } from './support.ts'

const day = 86_400_000

/** What may be forgotten. */
export function pruneContract(open: Open): void {
  test('forgets deliveries that are old, and of each app deployments beyond the newest', async () => {
    const clock = fakeClock()
    const journal = await open({ clock })
    const ids = [
      await deploy(journal, 'd1'),
      await deploy(journal, 'd2', 'failure'),
      await deploy(journal, 'd3'),
    ]
    clock.advance(2 * day)
    ids.push(await deploy(journal, 'd4'))
    const gone = await journal.prune({ deliveries: day, deployments: 2 })
    expect(gone).toEqual({ deliveries: 3, deployments: ids.slice(0, 2) })
    expect((await journal.deployments()).map(({ id }) => id)).toEqual(ids.slice(2).toReversed())
    expect((await journal.deliveries()).map(({ id }) => id)).toEqual(['d4'])
    expect(await journal.prune({ deliveries: day, deployments: 2 })).toEqual({
      deliveries: 0,
      deployments: [],
    })
  })

  test('keeps what has not ended, with its delivery', async () => {
    const clock = fakeClock()
    const journal = await open({ clock })
    const interrupted = await queue(journal, 'd1')
    await begin(journal)
    await journal.interrupted(interrupted)
    const running = await queue(journal, 'd2', { ref: 'refs/heads/other' })
    await journal.started(running)
    clock.advance(100 * day)
    expect(await journal.prune({ deliveries: 0, deployments: 0 })).toEqual({ deliveries: 0, deployments: [] })
    expect((await journal.deliveries()).map(({ id }) => id)).toEqual(['d2', 'd1'])
  })

  test('keeps the newest success of each app, and for which commits one ended', async () => {
    const journal = await open({ clock: fakeClock() })
    await deploy(journal, 'd1', 'success', 'a'.repeat(40))
    const success = await deploy(journal, 'd2', 'success', 'b'.repeat(40))
    for (const id of ['d3', 'd4', 'd5']) await deploy(journal, id, 'failure')
    const { deployments } = await journal.prune({ deliveries: day, deployments: 1 })
    expect(deployments).toHaveLength(3)
    expect((await journal.deployments()).map(({ id }) => id)).toContain(success)
    expect(await journal.history('shop', 'a'.repeat(40))).toEqual({ ended: true, everDeployed: true })
  })

  test('forgets more than one batch', async () => {
    const clock = fakeClock()
    const journal = await open({ clock })
    for (let i = 0; i < 250; i++) await journal.accept({ id: `d${i}`, event: 'push', push, skipped: 'no' })
    clock.advance(day)
    expect(await journal.prune({ deliveries: 1, deployments: 1 })).toEqual({
      deliveries: 250,
      deployments: [],
    })
  })
}
