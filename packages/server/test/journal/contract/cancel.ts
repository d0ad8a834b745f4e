import { expect, test } from 'vitest'
import { begin, everybodyDied, type Make, queue } from './support.ts'

/** Somebody wants a deployment to end. */
export function cancelContract(make: Make): void {
  test('one that is queued has ended at once', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    expect(await journal.cancel(id, 'cancelled by ada')).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled by ada',
      endedAt: expect.any(String) as string,
    })
    expect(await journal.next(new Set())).toBeUndefined()
    expect(await journal.cancellations()).toEqual(new Map())
  })

  test('one that runs is noted; who runs it looks and ends it', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    expect(await journal.cancel(id, 'cancelled by ada')).toMatchObject({ status: 'in_progress' })
    await journal.cancel(id, 'cancelled by bob')
    expect(await journal.cancellations()).toEqual(new Map([[id, 'cancelled by ada']]))
    await journal.ended(id, { status: 'cancelled', reason: 'cancelled by ada', commit: null })
    expect(await journal.cancellations()).toEqual(new Map())
  })

  test('one that was handed out but has not started ends at once, and its holder finds it until it has noticed', async () => {
    const journal = await make()
    const cancelled = await queue(journal, 'd1')
    await journal.next(new Set())
    expect(await journal.cancel(cancelled, 'cancelled by ada')).toMatchObject({ status: 'cancelled' })
    const superseded = await queue(journal, 'd2')
    await journal.next(new Set())
    const newer = await queue(journal, 'd3')
    expect(await journal.cancellations()).toEqual(
      new Map([
        [cancelled, 'cancelled by ada'],
        [superseded, `superseded by ${newer}`],
      ]),
    )
    for (const id of [cancelled, superseded]) {
      expect(await journal.started(id)).toBe(false)
      await journal.ended(id, { status: 'cancelled', reason: 'stopped', commit: null })
    }
    expect(await journal.cancellations()).toEqual(new Map())
    expect(await journal.deployment(superseded)).toMatchObject({ status: 'superseded' })
  })

  test('one that ended stays as it is; one that never was is undefined', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await journal.ended(id, { status: 'failure', reason: 'no', commit: null })
    expect(await journal.cancel(id, 'cancelled by ada')).toMatchObject({ status: 'failure', reason: 'no' })
    expect(await journal.cancel('nothing', 'cancelled by ada')).toBeUndefined()
  })

  test.each(['dies', 'stops'] as const)('it is not taken up again when its process %s first', async (how) => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    await journal.cancel(id, 'cancelled by ada')
    await (how === 'dies' ? journal.recover(everybodyDied, 10) : journal.interrupted(id))
    expect(await journal.deployment(id)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ada' })
  })
}
