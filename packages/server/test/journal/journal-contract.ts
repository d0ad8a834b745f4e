import { type FakeClock, fakeClock } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import { cancelContract } from './contract/cancel.ts'
import { deliveryContract } from './contract/deliveries.ts'
import { listContract } from './contract/lists.ts'
import { planContract } from './contract/plans.ts'
import { pruneContract } from './contract/prune.ts'
import { recoveryContract } from './contract/recovery.ts'
import { requestContract } from './contract/requests.ts'
import { delivery, push } from './contract/support.ts'

export { delivery }

/** What every journal must keep, whatever it stores in. */
export function journalContract(
  open: (options: { readonly clock: FakeClock }) => Promise<Journal> | Journal,
): void {
  const make = () => open({ clock: fakeClock() })
  deliveryContract(make)
  requestContract(make)
  recoveryContract(make)
  cancelContract(make)
  planContract(open)
  listContract(open)
  pruneContract(open)

  test('a stored delivery is queued for each of its apps and handed out once, oldest first', async () => {
    const journal = await make()
    const { deployments, duplicate } = await journal.accept(delivery('d1', 'shop', 'blog'))
    expect(deployments.map(({ app, status }) => `${app} ${status}`)).toEqual(['shop queued', 'blog queued'])
    expect(duplicate).toBe(false)
    expect((await journal.next(new Set()))?.deployment.app).toBe('shop')
    expect((await journal.next(new Set()))?.deployment.app).toBe('blog')
    expect(await journal.next(new Set())).toBeUndefined()
  })

  test('hands out nothing of an app that is busy', async () => {
    const journal = await make()
    await journal.accept(delivery('d1', 'shop'))
    expect(await journal.next(new Set(['shop']))).toBeUndefined()
    expect((await journal.next(new Set()))?.push).toEqual(push)
  })

  test('the newest push wins over those that have not started, and they name it', async () => {
    const journal = await make()
    const first = await journal.accept(delivery('d1', 'shop'))
    const second = await journal.accept(delivery('d2', 'shop'))
    const [older, newer] = [first.deployments[0]?.id ?? '', second.deployments[0]?.id ?? '']
    expect(second.superseded).toEqual([older])
    const record = await journal.deployment(older)
    expect(record).toMatchObject({ status: 'superseded', reason: `superseded by ${newer}` })
    expect(record?.endedAt).not.toBeNull()
    expect(await journal.started(older)).toBe(false)
  })

  test('one that has started is not superseded; the newer one waits behind it', async () => {
    const journal = await make()
    await journal.accept(delivery('d1', 'shop'))
    const claim = await journal.next(new Set())
    expect(await journal.started(claim?.deployment.id ?? '')).toBe(true)
    expect((await journal.accept(delivery('d2', 'shop'))).superseded).toEqual([])
    expect(await journal.deployment(claim?.deployment.id ?? '')).toMatchObject({ status: 'in_progress' })
  })

  test('a push of another ref supersedes nothing: it may turn out not to be followed', async () => {
    const journal = await make()
    const first = await journal.accept(delivery('d1', 'shop'))
    const other = { ...delivery('d2', 'shop'), push: { ...push, ref: 'refs/heads/feature' } }
    expect((await journal.accept(other)).superseded).toEqual([])
    expect(await journal.deployment(first.deployments[0]?.id ?? '')).toMatchObject({ status: 'queued' })
  })

  test('a push that will not deploy supersedes nothing', async () => {
    const journal = await make()
    await journal.accept(delivery('d1', 'shop'))
    const skipped = await journal.accept({
      id: 'd2',
      event: 'push',
      push,
      skipped: 'refs/heads/x was deleted',
    })
    expect(skipped).toEqual({ deployments: [], duplicate: false, superseded: [] })
    expect((await journal.next(new Set()))?.deployment.delivery).toBe('d1')
  })

  test('keeps steps, times and the end of a deployment; the first end is the last', async () => {
    const journal = await make()
    const { deployments } = await journal.accept(delivery('d1', 'shop'))
    const id = deployments[0]?.id ?? ''
    await journal.started(id)
    await journal.stepEnded(id, { name: 'gitPull', status: 'success', durationMs: 12 })
    await journal.ended(id, { status: 'failure', reason: 'web exited with code 3', commit: 'a'.repeat(40) })
    await journal.ended(id, { status: 'success', reason: null, commit: null })
    expect(await journal.deployment(id)).toMatchObject({
      id,
      app: 'shop',
      status: 'failure',
      reason: 'web exited with code 3',
      commit: 'a'.repeat(40),
      attempt: 1,
      delivery: 'd1',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      startedAt: expect.any(String) as string,
      endedAt: expect.any(String) as string,
      steps: [{ name: 'gitPull', status: 'success', durationMs: 12 }],
    })
  })
}
