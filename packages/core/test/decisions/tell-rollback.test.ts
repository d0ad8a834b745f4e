import { expect, test } from 'vitest'
import { firstEver, rolledBack, rollbackFailed } from '../../src/decisions/tell-rollback.ts'
import { defineApp } from '../../src/domain/app.ts'
import type { Release } from '../../src/domain/release.ts'
import { DeployError, describeError } from '../../src/errors.ts'

const app = defineApp({ name: 'shop', repository: 'acme/shop', path: '/srv/shop' })
const error = new DeployError('unhealthy', 'web is unhealthy', {
  output: ['Last lines of web:', '  no disk'],
  services: ['web'],
  hint: 'What was deployed before is not brought back',
})
const commit = '0123456789'.repeat(4)
const release: Release = {
  id: '1',
  commit,
  ref: 'refs/heads/main',
  at: '2026-01-31T12:00:00.000Z',
  project: 'shop',
  plan: { app: 'shop', commit, services: [] },
  services: {},
}
const held = [{ service: 'web', commit: 'b'.repeat(40), reason: 'web is unhealthy', at: release.at }]

test('after a way back: what failed, that it serves again, and what is held', () => {
  const told = rolledBack({ app, error, release, held })
  expect(describeError(told)).toBe(
    [
      'web is unhealthy; rolled back to 0123456, which serves again',
      'Last lines of web:',
      '  no disk',
      'Held until it changes: web. Push a fix; or, to have the same tried again: fairway unhold shop',
    ].join('\n'),
  )
  expect(told).toMatchObject({ code: 'unhealthy', services: ['web'], cause: error })
})

test('where nothing is held it says why', () => {
  expect(describeError(rolledBack({ app, error, release, held: [] }))).toContain(
    'Nothing is held: what failed consists of the same',
  )
})

test('before the first success', () => {
  expect(describeError(firstEver(error, app))).toMatch(
    /^web is unhealthy; there is nothing to go back to, as no deployment of shop has succeeded yet\n/,
  )
})

test('a bug keeps its stack', () => {
  const bug = new TypeError('x is not a function')
  const told = rolledBack({ app, error: bug, release, held })
  expect(describeError(told)).toContain(`Unexpected: x is not a function; rolled back to 0123456`)
  expect(describeError(told)).toContain(bug.stack)
})

test('where the way back fails as well both are told in full, the loudest first', () => {
  const again = new DeployError('compose_failed', 'Cannot bring up shop', {
    output: ['port is taken'],
    hint: 'Free it',
  })
  const told = rollbackFailed({ app, project: 'shop', error, again, release })
  expect(describeError(told).split('\n')).toEqual([
    'ROLLBACK FAILED, shop may be down: web is unhealthy; going back to 0123456 failed as well: Cannot bring up shop',
    'The deployment failed:',
    '  web is unhealthy',
    '  Last lines of web:',
    '    no disk',
    'Going back to 0123456 failed:',
    '  Cannot bring up shop',
    '  port is taken',
    'Free it',
    'See what is up with: docker compose -p shop ps --all; the next push tries everything anew',
  ])
  expect(told).toMatchObject({ code: 'rollback_failed', services: ['web'], cause: error })
})
