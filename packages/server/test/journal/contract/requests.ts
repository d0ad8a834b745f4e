import { expect, test } from 'vitest'
import { deploy, type Make, push, queue } from './support.ts'

/** Deployments that no delivery asked for, and which of them take whose place. */
export function requestContract(make: Make): void {
  test('what a person asks for is queued with its reason until it ends', async () => {
    const journal = await make()
    const asked = await journal.request({ app: 'shop', push, reason: 'missed while down' })
    expect(asked).toMatchObject({ status: 'queued', reason: 'missed while down', delivery: null, attempt: 1 })
    expect((await journal.next(new Set()))?.deployment).toEqual(asked)
    await journal.ended(asked.id, { status: 'success', reason: null, commit: 'a'.repeat(40) })
    expect(await journal.deployment(asked.id)).toMatchObject({ status: 'success', reason: null })
  })

  test('it takes the place of a queued push of its ref', async () => {
    const journal = await make()
    const pushed = await queue(journal, 'd1')
    const { id } = await journal.request({ app: 'shop', push })
    expect(await journal.deployment(pushed)).toMatchObject({ status: 'superseded', supersededBy: id })
  })

  test('what is claimed is handed to nobody, and comes back when its process dies', async () => {
    const journal = await make()
    const { id } = await journal.request({ app: 'shop', push, claim: true })
    expect(await journal.next(new Set())).toBeUndefined()
    await journal.recover(() => false, 10)
    expect((await journal.next(new Set()))?.deployment).toMatchObject({ id, attempt: 2 })
  })

  const manual = (rebuild: boolean) => ({ ...push, manual: { ref: 'main', rebuild } })
  const back = (to?: string) => ({
    ...push,
    manual: { rollback: { reason: 'it is slow', ...(to === undefined ? {} : { to }) } },
  })
  const again = { ...push, manual: { rollback: { again: true as const, reason: 'Docker was away' } } }
  test.each([
    { older: back(), newer: again, gives: false },
    { older: again, newer: back(), gives: false },
    { older: again, newer: again, gives: true },
    { older: push, newer: back(), gives: false },
    { older: manual(false), newer: back(), gives: false },
    { older: back(), newer: push, gives: false },
    { older: back(), newer: manual(true), gives: false },
    { older: back(), newer: back(), gives: true },
    { older: back('c0ffee0'), newer: back('c0ffee0'), gives: true },
    { older: back('c0ffee0'), newer: back(), gives: false },
    { older: back(), newer: back('c0ffee0'), gives: false },
    { older: push, newer: manual(false), gives: true },
    { older: manual(false), newer: manual(false), gives: true },
    { older: manual(false), newer: manual(true), gives: true },
    { older: manual(true), newer: manual(true), gives: true },
    { older: manual(true), newer: manual(false), gives: false },
    { older: manual(false), newer: push, gives: false },
  ])(
    'only what does at least as much takes its place: $older.manual gives way to $newer.manual: $gives',
    async ({ older, newer, gives }) => {
      const journal = await make()
      const { id } = await journal.request({ app: 'shop', push: older })
      await journal.request({ app: 'shop', push: newer })
      expect((await journal.deployment(id))?.status).toBe(gives ? 'superseded' : 'queued')
    },
  )

  test('a push that will probably be skipped for an app takes no place there, and may lose its own', async () => {
    const journal = await make()
    const older = await queue(journal, 'd1')
    const unlikely = await queue(journal, 'd2', { unlikely: ['shop'] })
    expect((await journal.deployment(older))?.status).toBe('queued')
    const other = await queue(journal, 'd3', { unlikely: ['blog'] })
    for (const id of [older, unlikely]) {
      expect(await journal.deployment(id)).toMatchObject({ status: 'superseded', supersededBy: other })
    }
  })

  test('neither does it when it is sent again by hand', async () => {
    const journal = await make()
    await queue(journal, 'd1', { unlikely: ['shop'] })
    const waiting = await queue(journal, 'd2')
    await journal.replay('d1')
    expect((await journal.deployment(waiting))?.status).toBe('queued')
  })

  test('knows for which commits a deployment ended, and whether any succeeded', async () => {
    const journal = await make()
    const [one, other] = ['a'.repeat(40), 'b'.repeat(40)]
    expect(await journal.history('shop', one)).toEqual({ ended: false, everDeployed: false })
    await deploy(journal, 'd1', 'failure', one)
    expect(await journal.history('shop', one)).toEqual({ ended: true, everDeployed: false })
    await deploy(journal, 'd2', 'success', other)
    expect(await journal.history('shop', other)).toEqual({ ended: true, everDeployed: true })
    expect(await journal.history('blog', other)).toEqual({ ended: false, everDeployed: false })
  })

  test.each([
    { status: 'failure', ended: true },
    { status: 'cancelled', ended: true },
    // It may have been of a ref that nobody follows.
    { status: 'skipped', ended: false },
  ] as const)(
    'one that ended as $status before its commit was known ended for what was pushed: $ended',
    async ({ status, ended }) => {
      const journal = await make()
      const after = 'c'.repeat(40)
      const id = await queue(journal, 'd1', { after })
      await journal.ended(id, { status, reason: 'no', commit: null })
      expect((await journal.history('shop', after)).ended).toBe(ended)
    },
  )

  test('one that was skipped after a look at its commit ended for that', async () => {
    const journal = await make()
    const commit = 'd'.repeat(40)
    const id = await queue(journal, 'd1', { after: commit })
    await journal.ended(id, { status: 'skipped', reason: 'ddddddd says [skip ci]', commit })
    expect((await journal.history('shop', commit)).ended).toBe(true)
  })

  test('one that was superseded leaves its commit to the newer one', async () => {
    const journal = await make()
    const after = 'c'.repeat(40)
    await queue(journal, 'd1', { after })
    await queue(journal, 'd2')
    expect((await journal.history('shop', after)).ended).toBe(false)
  })
}
