import { DeployError } from '@fairway/core'
import { expect, test } from 'vitest'
import { toEnding } from '../src/report-outcome.ts'

const same = (text: string): string => text

test('a push that is skipped for what its commits say ends for its commit, so that it is not deployed as one that was missed', () => {
  const skipped = { status: 'skipped', step: 'gitPull', reason: 'abc says [skip ci]', ctx: {} } as const
  expect(toEnding({ ...skipped, commit: 'abc' }, { redact: same })).toMatchObject({
    status: 'skipped',
    reason: 'abc says [skip ci]',
    commit: 'abc',
  })
})

test('one that fails before the pull ends for what it had looked at', () => {
  const error = new DeployError('compose_invalid', 'compose.yaml is no YAML')
  const failed = { status: 'failure', step: 'refuseHeld', error, ctx: {} } as const
  const looked = { after: 'abc', subject: 'Break it', author: 'Ada' }
  const what = { commit: 'abc', subject: 'Break it', author: 'Ada' }
  expect(toEnding(failed, { redact: same, looked })).toMatchObject(what)
  expect(toEnding({ ...failed, status: 'cancelled' }, { redact: same, looked })).toMatchObject(what)
  const pull = { after: 'newer', ref: 'refs/heads/main' }
  expect(toEnding({ ...failed, ctx: { pull } }, { redact: same, looked })).toMatchObject({ commit: 'newer' })
  const skipped = { status: 'skipped', step: 'refuseHeld', reason: 'held', ctx: {} } as const
  expect(toEnding({ ...skipped, commit: 'abc' }, { redact: same, looked })).toMatchObject(what)
  expect(toEnding(skipped, { redact: same, looked })).toMatchObject({ commit: null, subject: null })
})

test('one of a ref that nobody follows ends for none', () => {
  const skipped = { status: 'skipped', step: 'gitPull', reason: 'shop follows main', ctx: {} } as const
  expect(toEnding(skipped, { redact: same })).toMatchObject({ status: 'skipped', commit: null })
})
