import type { Push } from '@fairway/core'
import { simulatePush } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { customDeploy } from './deploy.ts'

const before = { 'compose.yaml': 'services: { web: { build: web } }', 'web/page': 'one', 'README.md': 'one' }
const byHand: Partial<Push> = { manual: {} }

test('data are saved before something new is brought up', async () => {
  const saved: string[] = []
  const { outcome, calls, log } = await simulatePush(
    (world) => customDeploy(async ({ name }) => `/backups/${name}-${saved.push(name)}`, world),
    { before, after: { ...before, 'web/page': 'two' } },
  )
  expect(outcome).toMatchObject({ status: 'success', ctx: { backup: '/backups/app-1' } })
  expect(calls).toEqual(expect.arrayContaining(['build app web', 'up app']))
  expect(log.at(-1)).toMatch(/^INFO app is at \w+; its data before that: \/backups\/app-1$/)
})

test('where nothing is built, nothing is saved, and the key is absent', async () => {
  const { outcome, log } = await simulatePush((world) => customDeploy(async () => '/backups/1', world), {
    before,
    after: { ...before, 'README.md': 'two' },
  })
  expect(outcome.status).toBe('success')
  expect(outcome.ctx).not.toHaveProperty('backup')
  expect(log.at(-1)).toMatch(/: not saved$/)
})

test('on a Friday nothing is touched, unless a person asks for it', async () => {
  const onFriday = (push: Partial<Push>) =>
    simulatePush(
      (world) => customDeploy(async () => '/backups/1', { ...world, clock: { ...world.clock, now: friday } }),
      {
        after: before,
        push,
      },
    )
  const { outcome, calls } = await onFriday({})
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'it is Friday' })
  expect(calls).toEqual([])
  expect((await onFriday(byHand)).outcome.status).toBe('success')
})

const friday = (): Date => new Date('2026-01-30T12:00:00')
