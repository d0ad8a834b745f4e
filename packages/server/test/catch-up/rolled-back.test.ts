import { DeployError } from '@fairway/core'
import { describe, expect, test, vi } from 'vitest'
import { main, minutes, settle, watching } from './watching.ts'

describe('an app that was rolled back', () => {
  const goingBack = { deployment: '1', code: '', reason: 'web is unhealthy', services: [], held: [] }
  const again = (reason: string) => ({
    repository: 'acme/shop',
    ref: 'HEAD',
    pusher: 'fairway',
    manual: { rollback: { again: true, reason } },
  })
  const rolledBack = async (): Promise<ReturnType<typeof watching>> => {
    const world = watching()
    await world.deployAll()
    const tip = world.git.commit(main, { a: 'bad' })
    await world.journal.request({ app: 'shop', push: { repository: 'acme/shop', ref: main, pusher: 'ada' } })
    await world.end('failure', tip)
    return world
  }

  test('F25: is brought up again as it was rolled back when Docker is back, also where its remote is back later', async () => {
    const { engine, git, clock, journal, start, log, queued, asked } = await rolledBack()
    engine.fail('version')
    git.fail('tip', new DeployError('remote_unreachable', 'The remote is away'))
    start()
    await vi.waitFor(() => expect(asked()).toBe(1))
    await vi.waitFor(() => expect(log.lines.join('\n')).toContain('The Docker engine does not answer'))
    engine.mend('version')
    clock.advance(5_000)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await settle()
    expect(await queued()).toEqual(['shop failure: failure'])
    git.mend('tip')
    clock.advance(30_000)
    const reason = 'brought up again after Docker was away'
    await vi.waitFor(async () => expect((await queued())[0]).toBe(`shop queued: ${reason}`))
    expect((await journal.next(new Set()))?.push).toEqual(again(reason))
  })

  test('is left alone while Docker is here', async () => {
    const { clock, start, asked, queued } = await rolledBack()
    start()
    await vi.waitFor(() => expect(asked()).toBe(1))
    clock.advance(5 * minutes)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await settle()
    expect(await queued()).toEqual(['shop failure: failure'])
  })

  test('goes on where that was broken off and nothing else does it, once', async () => {
    const { git, clock, journal, commit, start, asked, queued, end } = await rolledBack()
    await git.writeState('/srv/shop', 'shop', { commit, services: {}, unsettled: ['web'], goingBack })
    start()
    const reason = 'its way back was not finished'
    await vi.waitFor(async () => expect((await queued())[0]).toBe(`shop queued: ${reason}`))
    expect((await journal.deployments())[0]?.reason).toBe(reason)
    await end('failure', commit)
    clock.advance(5 * minutes)
    await vi.waitFor(() => expect(asked()).toBe(2))
    await settle()
    expect(await queued()).toHaveLength(2)
  })
})
