import { beforeEach, expect, test } from 'vitest'
import { holdApp, unholdApp } from '../../src/hold-app.ts'
import { defineApp } from '../../src/domain/app.ts'
import { planApp } from '../../src/plan-app.ts'
import { refuseHeld } from '../../src/steps/refuse-held.ts'
import { pipeline } from '../../src/pipeline.ts'
import type { Looked } from '../../src/steps/refuse-held.ts'
import { type RollbackWorld, rollbackWorld } from '../support/rollback-world.ts'

let world: RollbackWorld
let good: string
let bad: string
beforeEach(async () => {
  world = rollbackWorld()
  good = world.push({})
  await world.deploy()
  bad = world.push({ web: 'bad web', api: 'api 2' })
  await world.deploy()
})

const app = defineApp({
  name: 'shop',
  repository: 'acme/shop',
  branch: 'main',
  url: 'https://example.com/acme/shop.git',
  path: '/srv/shop',
})
const because = (): string => `held because web at ${bad.slice(0, 7)} failed: web is unhealthy`

test('a push of anything else is skipped before the tree moves, and the commit is told', async () => {
  const words = world.push({ docs: 'words' })
  const moves = (): readonly string[] => world.git.calls.filter((call) => call.startsWith('move'))
  const before = moves().length
  const { outcome, steps } = await world.deploy()
  expect(outcome).toMatchObject({ status: 'skipped', step: 'refuseHeld', reason: because(), commit: words })
  expect(steps).toEqual(['refuseHeld skipped'])
  expect(moves()).toHaveLength(before)
  expect(await world.head()).toBe(good)
  expect([...world.folders.made]).toEqual([])
})

test('a push that changes what failed is tried, and one that brings it again is held still', async () => {
  world.push({ web: 'web 3' })
  expect((await world.deploy()).outcome.status).toBe('success')
  expect(world.runs()).toEqual({ web: 'web 3', api: 'api 2' })
  world.push({ web: 'bad web' })
  expect((await world.deploy()).says).toBe(because())
})

test('asked for by hand it fails, and names what ends it', async () => {
  const { outcome } = await world.deploy({ manual: {} })
  expect(outcome).toMatchObject({
    status: 'failure',
    error: {
      code: 'held',
      message: `Cannot deploy shop: it is ${because()}`,
      hint: 'Push a fix, or end the hold with: fairway unhold shop',
    },
  })
  expect((await world.deploy({ manual: { ref: good } })).outcome.status).toBe('success')
})

/** The commit that it tells of, and how it ends. */
async function looked(deployment?: string): Promise<{ at: Looked | undefined; outcome: object }> {
  let at: Looked | undefined
  const push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada', manual: {} }
  const onLooked = (told: Looked): void => void (at = told)
  const outcome = await pipeline<Parameters<ReturnType<typeof refuseHeld>['run']>[0]>()
    .use(refuseHeld({ ...world, onLooked }))
    .run({ app, push, ...(deployment === undefined ? {} : { deployment }) })
  return { at, outcome }
}

test('what it looked at is told, also where the look fails', async () => {
  expect((await looked()).at).toMatchObject({ after: bad })
  const broken = world.git.commit('refs/heads/main', { 'docs/a.md': 'no Compose file' })
  const { at, outcome } = await looked()
  expect(outcome).toMatchObject({ status: 'failure', step: 'refuseHeld', error: { code: 'compose_invalid' } })
  expect(at).toMatchObject({ after: broken })
})

test('a failure that is only recorded late is told of what failed, not of a newer tip that brings the same', async () => {
  await unholdApp(app, world)
  await world.deploy({ deployment: 'again' })
  world.push({ docs: 'words' })
  const { at, outcome } = await looked('again')
  expect(outcome).toMatchObject({ status: 'failure' })
  expect(at).toEqual({ after: bad })
})

test('a look at what a deployment would do says so', async () => {
  expect(await planApp(app, world)).toMatchObject({ held: because() })
  await unholdApp(app, world)
  expect(await planApp(app, world)).not.toHaveProperty('held')
})

test('a held app is left alone, whatever is pushed, until that is ended', async () => {
  await unholdApp(app, world)
  await holdApp(app, { ...world, reason: 'the fair is on', by: 'ada' })
  world.push({ web: 'web 3' })
  expect((await world.deploy()).says).toBe('held because the fair is on')
  expect((await world.deploy({ manual: {} })).says).toBe(
    'Cannot deploy shop: it is held because the fair is on',
  )
  // No fix would end it.
  expect((await world.deploy({ manual: {} })).outcome).toMatchObject({
    error: { hint: 'End the hold with: fairway unhold shop' },
  })
  expect(await planApp(app, world)).toMatchObject({ held: 'held because the fair is on' })
  const held = await unholdApp(app, world)
  expect(held.app).toMatchObject({ reason: 'the fair is on', by: 'ada' })
  expect((await world.deploy()).outcome.status).toBe('success')
})

test('ending a hold ends those on content, too, and the same is tried again', async () => {
  expect((await unholdApp(app, world)).content).toHaveLength(1)
  expect((await world.deploy()).says).toContain('web is unhealthy; rolled back to')
  expect((await unholdApp(app, world)).content).toHaveLength(1)
  expect((await unholdApp(app, world)).content).toEqual([])
})

test('a deployment whose process ended between its way back and its record ends as the failure that it was', async () => {
  await unholdApp(app, world)
  expect((await world.deploy({ deployment: 'again' })).outcome.status).toBe('failure')
  const { outcome, says, steps } = await world.deploy({ deployment: 'again' })
  expect(outcome.status).toBe('failure')
  // As its attempt before would have told it.
  const served = (await world.git.deployed(world.path, 'shop'))?.slice(0, 7)
  expect(says).toBe(`web is unhealthy; rolled back to ${served}, which serves again`)
  expect(steps).toEqual(['refuseHeld failure', 'rollBack skipped'])
  expect((await world.deploy({ deployment: 'another' })).outcome.status).toBe('skipped')
})

test('an app without a checkout cannot be held, and has no holds', async () => {
  const nowhere = { ...app, path: '/srv/nowhere' }
  await expect(holdApp(nowhere, { ...world, reason: 'x', by: 'ada' })).rejects.toMatchObject({
    code: 'checkout_missing',
  })
})
