import { expect, test } from 'vitest'
import { begin, everybodyDied, everybodyLives, type Make, queue } from './support.ts'

/** Processes that stop or die with deployments in their hands. */
export function recoveryContract(make: Make): void {
  test('what a process gives back before its end is taken up again, as its next attempt', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    await journal.stepEnded(id, { name: 'gitPull', status: 'success', durationMs: 1 })
    await journal.interrupted(id)
    expect(await journal.deployment(id)).toMatchObject({ status: 'interrupted', attempt: 1, endedAt: null })
    const claim = await journal.next(new Set())
    expect(claim?.deployment).toMatchObject({ id, status: 'interrupted', attempt: 2, steps: [] })
    expect(await journal.started(id)).toBe(true)
    expect(await journal.deployment(id)).toMatchObject({ status: 'in_progress', attempt: 2 })
  })

  test('what dead processes had in their hands is put back, what living ones have stays theirs', async () => {
    const journal = await make()
    const running = await queue(journal, 'd1')
    await begin(journal)
    const claimed = await queue(journal, 'd2', { ref: 'refs/heads/other' })
    await journal.next(new Set())
    const queued = await queue(journal, 'd3', { ref: 'refs/heads/third' })
    expect(await journal.recover(everybodyLives, 10)).toEqual([])
    const touched = await journal.recover(everybodyDied, 10)
    expect(touched.map(({ id, status }) => [id, status])).toEqual([
      [running, 'interrupted'],
      [claimed, 'interrupted'],
    ])
    expect(await journal.recover(everybodyDied, 10)).toEqual([])
    expect((await journal.deployment(queued))?.status).toBe('queued')
    expect((await journal.next(new Set()))?.deployment.id).toBe(running)
  })

  test('a newer one that waits takes the place of one that was interrupted', async () => {
    const journal = await make()
    const [one, two] = [await queue(journal, 'd1'), await begin(journal)]
    expect(one).toBe(two)
    const newer = await queue(journal, 'd2')
    const [touched] = await journal.recover(everybodyDied, 10)
    expect(touched).toMatchObject({ id: one, status: 'superseded', supersededBy: newer })
    expect((await journal.next(new Set()))?.deployment.id).toBe(newer)
  })

  test('one that will probably be skipped does not', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    await queue(journal, 'd2', { unlikely: ['shop'] })
    await journal.interrupted(id)
    expect(await journal.deployment(id)).toMatchObject({ status: 'interrupted', supersededBy: null })
    expect((await journal.next(new Set()))?.deployment.id).toBe(id)
  })

  test('one that comes later does as well', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    await journal.interrupted(id)
    const newer = await queue(journal, 'd2')
    expect(await journal.deployment(id)).toMatchObject({ status: 'superseded', supersededBy: newer })
  })

  test('after too many interruptions it has failed, and says so', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    for (let attempt = 1; attempt < 10; attempt++) {
      expect(await begin(journal)).toBe(id)
      expect(await journal.recover(everybodyDied, 10)).toMatchObject([{ status: 'interrupted', attempt }])
    }
    await begin(journal)
    expect(await journal.recover(everybodyDied, 10)).toMatchObject([
      { id, status: 'failure', reason: 'was interrupted 10 times', attempt: 10 },
    ])
    expect(await journal.next(new Set())).toBeUndefined()
  })

  test('those that processes gave back count, too', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    for (let attempt = 1; attempt <= 3; attempt++) {
      await begin(journal)
      await journal.interrupted(id)
    }
    expect(await journal.recover(everybodyDied, 3)).toMatchObject([{ id, status: 'failure' }])
  })

  test('nothing gives way to a newer one that is given up at the same moment', async () => {
    const journal = await make()
    const older = await queue(journal, 'd1')
    await begin(journal)
    const newer = await queue(journal, 'd2')
    await journal.next(new Set())
    const touched = await journal.recover(everybodyDied, 1)
    expect(touched.map(({ id, status }) => [id, status])).toEqual([
      [older, 'failure'],
      [newer, 'failure'],
    ])
  })

  test('one that has ended stays as it is', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    await journal.ended(id, { status: 'success', reason: null, commit: null })
    await journal.interrupted(id)
    await journal.stepEnded(id, { name: 'late', status: 'success', durationMs: 1 })
    expect(await journal.recover(everybodyDied, 10)).toEqual([])
    expect(await journal.deployment(id)).toMatchObject({ status: 'success', steps: [] })
  })
}
