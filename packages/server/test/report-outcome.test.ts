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

test('one of a ref that nobody follows ends for none', () => {
  const skipped = { status: 'skipped', step: 'gitPull', reason: 'shop follows main', ctx: {} } as const
  expect(toEnding(skipped, { redact: same })).toMatchObject({ status: 'skipped', commit: null })
})
