import type { Action, Plan } from '@fairway/core'
import { fakeClock } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import type { Ending, Journal, Left } from '../../../src/journal/journal.ts'
import { begin, everybodyDied, type Open, queue } from './support.ts'

const commit = 'a'.repeat(40)
const success: Ending = { status: 'success', reason: null, commit }
const failure: Ending = { status: 'failure', reason: 'no', commit }

function plan(actions: Readonly<Record<string, Action>>): Plan {
  const services = Object.entries(actions).map(([service, action]) => ({
    service,
    action,
    because: action === 'keep' ? [] : [`${service} changed`],
  }))
  return { app: 'shop', commit, services }
}

const left = (...ids: readonly string[]): readonly Left[] =>
  ids.map((id) => ({ service: id.replace(/-.*/, ''), id, image: `sha256:${id}` }))

async function makers(journal: Journal, id: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { containers } = (await journal.deployment(id)) ?? {}
  return Object.fromEntries((containers ?? []).map((one) => [one.id, one.madeBy?.deployment]))
}

/** What a deployment sets out to do, and what it leaves. */
export function planContract(open: Open): void {
  const make = () => open({ clock: fakeClock() })
  const run = async (journal: Journal, delivery: string, ending: Ending): Promise<string> => {
    const id = await queue(journal, delivery)
    await begin(journal)
    await journal.ended(id, ending)
    return id
  }

  test('a plan is there while its deployment runs, and after it', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    expect(await journal.deployment(id)).toMatchObject({ plan: null, containers: null })
    await begin(journal)
    await journal.planned(id, plan({ web: 'build', db: 'keep' }))
    expect(await journal.deployment(id)).toMatchObject({
      status: 'in_progress',
      plan: plan({ web: 'build', db: 'keep' }),
      containers: null,
    })
    await journal.ended(id, failure)
    expect((await journal.deployments({ app: 'shop' }))[0]).toMatchObject({
      plan: plan({ web: 'build', db: 'keep' }),
      containers: null,
    })
  })

  test('one that could not be noted while it ran stands in its end', async () => {
    const journal = await make()
    const id = await run(journal, 'd1', { ...success, plan: plan({ web: 'keep' }) })
    expect(await journal.deployment(id)).toMatchObject({ plan: plan({ web: 'keep' }) })
  })

  test('what has ended gets no other plan', async () => {
    const journal = await make()
    const id = await run(journal, 'd1', success)
    await journal.planned(id, plan({ web: 'build' }))
    expect(await journal.deployment(id)).toMatchObject({ plan: null })
  })

  test('the next attempt has a plan of its own', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    await journal.planned(id, plan({ web: 'build' }))
    await journal.interrupted(id)
    const claim = await journal.next(new Set())
    expect(claim?.deployment).toMatchObject({ id, attempt: 2, plan: null })
  })

  /** One that was interrupted after it had planned, in hand again. */
  const resumed = async (journal: Journal, made: Plan): Promise<string> => {
    const id = await queue(journal, 'd1')
    await begin(journal)
    await journal.planned(id, made, { subject: 'Break it', author: 'Ada' })
    await journal.interrupted(id)
    await begin(journal)
    return id
  }
  const what = { commit, subject: 'Break it', author: 'Ada' }

  test('an attempt that only finishes the way back ends for what failed, with its plan', async () => {
    const journal = await make()
    const built = plan({ web: 'build' })
    const id = await resumed(journal, built)
    expect(await journal.deployment(id)).toMatchObject({ ...what, plan: null })
    await journal.ended(id, { status: 'failure', reason: 'web is unhealthy', commit: null })
    expect(await journal.deployment(id)).toMatchObject({ ...what, status: 'failure', plan: built })
    expect(await journal.history('shop', commit)).toMatchObject({ ended: true })
  })

  test('one that is not taken up any more does so, too', async () => {
    const journal = await make()
    const id = await resumed(journal, plan({ web: 'build' }))
    await journal.recover(everybodyDied, 2)
    expect(await journal.deployment(id)).toMatchObject({ ...what, status: 'failure' })
    expect(await journal.history('shop', commit)).toMatchObject({ ended: true })
  })

  test('an attempt that is skipped without a look ends for nothing', async () => {
    const journal = await make()
    const id = await resumed(journal, plan({ web: 'build' }))
    await journal.ended(id, { status: 'skipped', reason: 'shop follows next', commit: null })
    expect(await journal.deployment(id)).toMatchObject({ commit: null, subject: null, plan: null })
    expect(await journal.history('shop', commit)).toMatchObject({ ended: false })
  })

  test('an attempt that keeps all that the one before brought up ends with the plan of that one', async () => {
    const journal = await make()
    const built = plan({ web: 'build', db: 'keep' })
    const id = await resumed(journal, built)
    await journal.planned(id, plan({ web: 'keep', db: 'keep' }))
    await journal.ended(id, success)
    expect(await journal.deployment(id)).toMatchObject({ plan: built })
  })

  test('but not where it is about another commit', async () => {
    const journal = await make()
    const id = await resumed(journal, plan({ web: 'build' }))
    const newer = { ...plan({ web: 'keep' }), commit: 'b'.repeat(40) }
    await journal.planned(id, newer)
    await journal.ended(id, { ...success, commit: newer.commit })
    expect(await journal.deployment(id)).toMatchObject({ commit: newer.commit, subject: null, plan: newer })
  })

  test('a container that later deployments keep still names the one that made it', async () => {
    const journal = await make()
    const first = await run(journal, 'd1', {
      ...success,
      plan: plan({ web: 'build', db: 'start' }),
      left: left('web-1', 'db-1'),
    })
    const skipped = await run(journal, 'd2', { ...success, status: 'skipped' })
    const third = await run(journal, 'd3', {
      ...failure,
      plan: plan({ web: 'build', db: 'keep' }),
      left: left('web-2', 'db-1'),
    })
    expect(await makers(journal, first)).toEqual({ 'web-1': first, 'db-1': first })
    expect((await journal.deployment(skipped))?.containers).toBeNull()
    expect(await makers(journal, third)).toEqual({ 'web-2': third, 'db-1': first })
    expect((await journal.deployment(third))?.containers?.[0]).toEqual({
      service: 'web',
      id: 'web-2',
      image: 'sha256:web-2',
      madeBy: {
        deployment: third,
        delivery: 'd3',
        commit,
        because: ['web changed'],
        at: (await journal.deployment(third))?.endedAt,
      },
    })
  })

  test('what was there before anything was recorded has no maker', async () => {
    const journal = await make()
    const id = await run(journal, 'd1', { ...success, plan: plan({ web: 'keep' }), left: left('web-1') })
    expect(await makers(journal, id)).toEqual({ 'web-1': undefined })
  })

  test('what an attempt made before its process died is its work', async () => {
    const journal = await make()
    const id = await queue(journal, 'd1')
    await begin(journal)
    await journal.planned(id, plan({ web: 'build' }))
    await journal.recover(everybodyDied, 10)
    await begin(journal)
    await journal.ended(id, { ...success, plan: plan({ web: 'keep' }), left: left('web-1') })
    expect((await journal.deployment(id))?.containers?.[0]?.madeBy).toMatchObject({
      deployment: id,
      because: ['web changed'],
    })
  })

  test('what was asked for earlier and ran later counts as the later one', async () => {
    const clock = fakeClock()
    const journal = await open({ clock })
    const older = await queue(journal, 'd1')
    await journal.next(new Set())
    const request = { app: 'shop', push: { repository: 'acme/shop', ref: 'HEAD', pusher: 'ada' } }
    const { id: newer } = await journal.request({ ...request, claim: true })
    await journal.ended(newer, { ...success, plan: plan({ web: 'build' }), left: left('web-1') })
    await journal.started(older)
    clock.advance(1_000)
    await journal.ended(older, { ...success, plan: plan({ web: 'build' }), left: left('web-2') })
    const last = await run(journal, 'd3', { ...success, plan: plan({ web: 'keep' }), left: left('web-2') })
    expect(await makers(journal, last)).toEqual({ 'web-2': older })
  })

  test('many skipped pushes later it is still known', async () => {
    const journal = await make()
    const first = await run(journal, 'd0', { ...success, plan: plan({ web: 'build' }), left: left('web-1') })
    for (let i = 1; i <= 60; i++) await run(journal, `d${i}`, { ...success, status: 'skipped' })
    const last = await run(journal, 'last', { ...success, plan: plan({ web: 'keep' }), left: left('web-1') })
    expect(await makers(journal, last)).toEqual({ 'web-1': first })
  })
}
