import { expect, test } from 'vitest'
import { delivery, type Make, push, queue } from './support.ts'

/** Deliveries, and what makes one of them a duplicate. */
export function deliveryContract(make: Make): void {
  test.each(['queued', 'in_progress', 'success'] as const)(
    'a delivery seen before is a duplicate while its deployment is %s',
    async (status) => {
      const journal = await make()
      const first = await journal.accept(delivery('d1', 'shop'))
      const id = first.deployments[0]?.id ?? ''
      if (status !== 'queued') await journal.started(id)
      if (status === 'success') await journal.ended(id, { status, reason: null, commit: null })
      const again = await journal.accept(delivery('d1', 'shop'))
      expect(again).toEqual({ deployments: [{ id, app: 'shop', status }], duplicate: true, superseded: [] })
    },
  )

  test.each(['failure', 'cancelled', 'skipped'] as const)(
    'a delivery whose deployment ended as %s is processed again',
    async (status) => {
      const journal = await make()
      const first = await journal.accept(delivery('d1', 'shop', 'blog'))
      const [shop = '', blog = ''] = first.deployments.map(({ id }) => id)
      await journal.ended(shop, { status, reason: 'no', commit: null })
      await journal.ended(blog, { status: 'success', reason: null, commit: null })
      const again = await journal.accept(delivery('d1', 'shop', 'blog'))
      expect(again.duplicate).toBe(false)
      expect(again.deployments.map(({ status: now }) => now)).toEqual(['queued', 'success'])
      expect(again.deployments[0]?.id).not.toBe(shop)
      expect(again.deployments[1]?.id).toBe(blog)
    },
  )

  test('a delivery that deployed nothing is processed again', async () => {
    const journal = await make()
    await journal.accept({ id: 'd1', event: 'push', push, skipped: 'unknown repository acme/shop' })
    const again = await journal.accept(delivery('d1', 'shop'))
    expect(again.duplicate).toBe(false)
    expect(again.deployments).toHaveLength(1)
    expect(await journal.deliveries()).toMatchObject([
      { id: 'd1', skipped: null, deployments: [again.deployments[0]?.id] },
    ])
  })

  test.each(['superseded', 'interrupted'] as const)(
    'a delivery seen before is a duplicate while its deployment is %s',
    async (status) => {
      const journal = await make()
      const id = await queue(journal, 'd1')
      if (status === 'superseded') await queue(journal, 'd2')
      else {
        await journal.started(id)
        await journal.interrupted(id)
      }
      const again = await journal.accept(delivery('d1', 'shop'))
      expect(again).toEqual({ deployments: [{ id, app: 'shop', status }], duplicate: true, superseded: [] })
    },
  )

  test('keeps what came over the wire, byte for byte, and of its headers those that are no secret', async () => {
    const journal = await make()
    const body = Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x00, 0xff, 0x7d])
    const headers = {
      'Content-Type': 'application/json',
      'x-github-event': 'push',
      authorization: 'Basic c2VjcmV0',
      'x-hub-signature-256': 'sha256=00',
    }
    const received = { headers, body, signedBy: ['webhook.secrets[0]'] }
    await journal.accept({ ...delivery('d1', 'shop'), received })
    const found = await journal.delivery('d1')
    expect(found).toMatchObject({ id: 'd1', event: 'push', repository: 'acme/shop', ref: 'refs/heads/main' })
    expect(found?.received?.headers).toEqual({ 'content-type': 'application/json', 'x-github-event': 'push' })
    expect(found?.received?.signedBy).toEqual(['webhook.secrets[0]'])
    expect(Buffer.from(found?.received?.body ?? [])).toEqual(Buffer.from(body))
  })

  test('knows deliveries of which nothing was kept, and none that never came', async () => {
    const journal = await make()
    await journal.accept({ id: 'd1', event: 'ping', skipped: 'ping' })
    expect(await journal.delivery('d1')).toMatchObject({ skipped: 'ping', deployments: [], received: null })
    expect(await journal.delivery('d2')).toBeUndefined()
  })

  test('a delivery that is processed again keeps its place, its first time and what came', async () => {
    const journal = await make()
    const received = { headers: {}, body: Uint8Array.from([1]), signedBy: [] }
    const first = await journal.accept({ ...delivery('d1', 'shop'), received })
    await journal.accept({ id: 'd2', event: 'push', push, skipped: 'no' })
    const before = await journal.delivery('d1')
    await journal.ended(first.deployments[0]?.id ?? '', { status: 'failure', reason: 'no', commit: null })
    const again = await journal.accept(delivery('d1', 'shop'))
    expect(await journal.delivery('d1')).toEqual({
      ...before,
      deployments: [first.deployments[0]?.id, again.deployments[0]?.id],
    })
    expect((await journal.deliveries()).map(({ id }) => id)).toEqual(['d2', 'd1'])
  })

  test('a delivery is replayed whatever became of it', async () => {
    const journal = await make()
    const first = await queue(journal, 'd1')
    await journal.started(first)
    await journal.ended(first, { status: 'success', reason: null, commit: null })
    const second = await journal.replay('d1')
    expect(second).toMatchObject({ deployments: [{ app: 'shop', status: 'queued' }], duplicate: false })
    const third = await journal.replay('d1')
    expect(third.superseded).toEqual([second.deployments[0]?.id])
    expect((await journal.delivery('d1'))?.deployments).toHaveLength(3)
    expect((await journal.next(new Set()))?.push).toEqual(push)
  })

  test('a replay of what deployed nothing deploys nothing, one of what never came is refused', async () => {
    const journal = await make()
    await journal.accept({ id: 'd1', event: 'push', push, skipped: 'unknown repository' })
    expect(await journal.replay('d1')).toEqual({ deployments: [], duplicate: false, superseded: [] })
    await expect(journal.replay('d2')).rejects.toMatchObject({ code: 'not_found' })
  })
}
