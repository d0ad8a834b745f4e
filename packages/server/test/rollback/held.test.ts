import { simpleGit } from '@fairway/core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lookAtApp } from '../../src/catch-up/look-at-app.ts'
import { run } from '../../../../scripts/lib/run.ts'
import { makeWorld, type World } from '../support/world.ts'
import { goBackByHand } from './support/go-back.ts'
import { everythingServed, pushGood, pushVersion } from './support/trial.ts'
import { filesOf } from './support/versions.ts'

// Several real deploys each, on machines that have more to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

// One story: each test begins with what the one before has left.
let world: World
let bad: string
const fails = 'echo cannot start; exit 3\n'
const good = { page: 'good' }

beforeAll(async () => {
  world = await makeWorld()
  await pushGood(world, good)
  const { commit } = await pushVersion(world, { page: 'bad', program: fails })
  bad = commit?.slice(0, 7) ?? ''
})
afterAll(() => world.close())

async function push(files: Readonly<Record<string, string>>) {
  await world.origin.commit('more', files)
  await world.origin.push()
  return world.deploy()
}

test('a push of something else is held with what failed, and nothing of it is ever there', async () => {
  const before = await world.containers()
  const held = await push({ 'readme.md': 'words\n' })
  expect(held).toMatchObject({
    status: 'skipped',
    reason: `held because web at ${bad} failed: web exited with code 3`,
    commit: await tip(),
    plan: null,
  })
  expect(held.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'lockCheckout success',
    'refuseOwnCheckout success',
    'refuseHeld skipped',
  ])
  expect(await world.containers()).toEqual(before)
  expect(await everythingServed(world)).toEqual(['good', 'good', 'good'])
  expect(await world.git('log', '-1', '--format=%s')).toBe('good')
})

test('nor does the server take it up by itself', async () => {
  const facts = {
    failedByOutage: false,
    dockerCameBack: false,
    finishesWayBack: true,
    signal: new AbortController().signal,
  }
  expect(await lookAtApp(world.app, { git: simpleGit(), journal: world.journal, ...facts })).toMatchObject({
    needed: false,
    because: 'a deployment for the tip has ended already',
    tip: { commit: await tip() },
  })
})

test('after Docker was away what serves is brought up again, and not what is held', async () => {
  const given = { failedByOutage: false, dockerCameBack: true, finishesWayBack: true }
  const { signal } = new AbortController()
  const found = await lookAtApp(world.app, { git: simpleGit(), journal: world.journal, ...given, signal })
  expect(found).toMatchObject({ needed: true, again: true })
  const before = await world.containers()
  await run('docker', ['kill', ...before.values()])
  const reason = 'brought up again after Docker was away'
  expect(await goBackByHand(world, { again: true, reason })).toMatchObject({ status: 'success', reason })
  expect(await everythingServed(world)).toEqual(['good', 'good', 'good'])
  expect(await world.containers()).toEqual(before)
  expect(await push({ 'readme.md': 'more words\n' })).toMatchObject({ status: 'skipped' })
})

test('the same delivered once more is held, too', async () => {
  expect(await world.deploy()).toMatchObject({ status: 'skipped', commit: await tip() })
})

test('a push that changes what failed is tried, though it has the bad commit in it', async () => {
  const fixed = await push({ 'web/start.sh': filesOf(good)['web/start.sh'] ?? '' })
  expect(fixed).toMatchObject({ status: 'success', reason: null })
  expect(await everythingServed(world)).toEqual(['bad', 'bad', 'bad'])
})

test('a push that brings back what was good deploys', async () => {
  expect(await push(filesOf(good))).toMatchObject({ status: 'success', reason: null })
  expect(await everythingServed(world)).toEqual(['good', 'good', 'good'])
})

test('one that brings back what was bad is held still', async () => {
  const again = await pushVersion(world, { page: 'bad', program: fails })
  expect(again).toMatchObject({
    status: 'skipped',
    reason: `held because web at ${bad} failed: web exited with code 3`,
  })
  expect(await everythingServed(world)).toEqual(['good', 'good', 'good'])
})

async function tip(): Promise<string> {
  return (await world.origin.git('rev-parse', 'HEAD')).trim()
}
