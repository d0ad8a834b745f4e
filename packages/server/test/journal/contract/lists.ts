import { fakeClock } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { delivery, type Open } from './support.ts'

const statuses = [
  'queued',
  'in_progress',
  'success',
  'failure',
  'skipped',
  'superseded',
  'cancelled',
  'interrupted',
] as const

/** Looking at what is stored. */
export function listContract(open: Open): void {
  const make = async () => {
    const journal = await open({ clock: fakeClock() })
    for (const id of ['d1', 'd2', 'd3', 'd4']) await journal.accept(delivery(id, `app-${id}`))
    return journal
  }

  test('lists newest first', async () => {
    const journal = await make()
    expect((await journal.deliveries({ limit: 2 })).map(({ id }) => id)).toEqual(['d4', 'd3'])
    const deployments = await journal.deployments()
    expect(deployments.map(({ app }) => app)).toEqual(['app-d4', 'app-d3', 'app-d2', 'app-d1'])
  })

  test('lists what is older than one, to go on where the last page ended', async () => {
    const journal = await make()
    expect((await journal.deliveries({ limit: 2, before: 'd4' })).map(({ id }) => id)).toEqual(['d3', 'd2'])
    const [, , before] = (await journal.deployments()).map(({ id }) => id)
    const rest = await journal.deployments({ before: before ?? '' })
    expect(rest.map(({ app }) => app)).toEqual(['app-d1'])
    expect(await journal.deployments({ before: 'gone' })).toEqual([])
    expect(await journal.deliveries({ before: 'gone' })).toEqual([])
  })

  test('lists those of an app, of a status, or both', async () => {
    const journal = await make()
    const [one] = await journal.deployments({ app: 'app-d1' })
    await journal.ended(one?.id ?? '', { status: 'failure', reason: 'no', commit: null })
    expect((await journal.deployments({ status: 'failure' })).map(({ app }) => app)).toEqual(['app-d1'])
    expect(await journal.deployments({ status: 'queued' })).toHaveLength(3)
    expect(await journal.deployments({ app: 'app-d1', status: 'queued' })).toEqual([])
    expect(await journal.deployments({ app: 'app-d1', status: 'failure', limit: 1 })).toHaveLength(1)
  })

  test('every filter goes with every other', async () => {
    const journal = await make()
    const [newest] = await journal.deployments()
    for (const status of statuses) {
      for (const app of [{}, { app: 'app-d1' }]) {
        for (const before of [{}, { before: newest?.id ?? '' }]) {
          const found = await journal.deployments({ status, ...app, ...before, limit: 10 })
          const queued = 'app' in app ? 1 : 'before' in before ? 3 : 4
          expect(found).toHaveLength(status === 'queued' ? queued : 0)
        }
      }
    }
  })

  test('shows fifty where nobody says how many', async () => {
    const journal = await open({ clock: fakeClock() })
    for (let i = 0; i < 60; i++) await journal.accept(delivery(`d${i}`, `app-${i}`))
    expect(await journal.deployments()).toHaveLength(50)
    expect(await journal.deliveries()).toHaveLength(50)
  })

  test('has room for subject and author', async () => {
    const journal = await make()
    const [one] = await journal.deployments()
    const found = { subject: 'Fix the shop', author: 'Ada <ada@example.org>' }
    await journal.ended(one?.id ?? '', { status: 'success', reason: null, commit: null, ...found })
    expect(await journal.deployment(one?.id ?? '')).toMatchObject(found)
  })

  test('counts what was refused, can be written, and nobody else writes', async () => {
    const journal = await make()
    journal.refused('signature_invalid')
    await journal.check()
    expect(journal.changedByOthers()).toBe(false)
    await journal.close()
    await journal.close()
  })
}
