import { rename } from 'node:fs/promises'
import { simpleGit } from '@fairway/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lookAtApp } from '../../src/catch-up/look-at-app.ts'
import { makeWorld, type World } from '../support/world.ts'
import { goBackByHand } from './support/go-back.ts'
import { everythingServed, pushGood } from './support/trial.ts'

// Several real deploys each, on machines that have more to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let world: World
beforeEach(async () => {
  world = await makeWorld()
  for (const page of ['one', 'two', 'three']) await pushGood(world, { page })
})
afterEach(() => world.close())

test('goes back without a remote and without a build, and what was left is held', async () => {
  await rename(world.origin.url, `${world.origin.url}.away`)
  const [{ commit: third } = {}, { commit: second } = {}] = await world.journal.deployments()
  const back = await goBackByHand(world)
  expect(back).toMatchObject({
    status: 'success',
    reason: `went back to ${second?.slice(0, 7)}: too slow`,
    commit: second,
  })
  expect(await everythingServed(world)).toEqual(['two', 'two', 'two'])
  expect(back.plan?.services).toEqual([
    {
      service: 'web',
      action: 'recreate',
      because: expect.arrayContaining(['the release that is gone back to ran another image']) as string[],
    },
  ])
  expect(await world.git('rev-parse', 'HEAD', 'refs/fairway/deployed/shop')).toBe(`${second}\n${second}`)

  await rename(`${world.origin.url}.away`, world.origin.url)
  // The server doesn't take up again what was left.
  const facts = {
    failedByOutage: false,
    dockerCameBack: false,
    finishesWayBack: true,
    signal: new AbortController().signal,
  }
  expect(await lookAtApp(world.app, { git: simpleGit(), journal: world.journal, ...facts })).toMatchObject({
    needed: false,
    because: 'a deployment for the tip has ended already',
  })
  await world.origin.commit('words', { 'readme.md': 'words\n' })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({
    status: 'skipped',
    reason: `held because web at ${third?.slice(0, 7)} was rolled back: too slow`,
  })
  expect(await everythingServed(world)).toEqual(['two', 'two', 'two'])

  // Once more: not to what was left, but to the one before.
  expect(await goBackByHand(world)).toMatchObject({ status: 'success' })
  expect(await everythingServed(world)).toEqual(['one', 'one', 'one'])
  const nowhere = await goBackByHand(world)
  expect(nowhere.status).toBe('failure')
  expect(nowhere.reason).toContain(
    'Cannot go back with shop: there is no release before the one that is deployed',
  )
  expect(await everythingServed(world)).toEqual(['one', 'one', 'one'])

  // And forward again by name, which ends the hold on it.
  const forward = await goBackByHand(world, { to: third?.slice(0, 8) ?? '', reason: 'it was something else' })
  expect(forward).toMatchObject({ status: 'success', commit: third })
  expect(await everythingServed(world)).toEqual(['three', 'three', 'three'])
  expect(await world.deploy()).toMatchObject({ status: 'success', reason: null })
})
