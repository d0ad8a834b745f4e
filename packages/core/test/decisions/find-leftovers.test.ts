import { expect, test } from 'vitest'
import type { Container } from '../../src/domain/container.ts'
import { findLeftovers } from '../../src/decisions/find-leftovers.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'

const never = '0001-01-01T00:00:00Z'
const made = (name: string, changes: Partial<Container> = {}): Container =>
  fakeContainer({ service: 'web', id: name, name, state: 'created', startedAt: never, ...changes })
const names = (...containers: readonly Container[]): readonly string[] =>
  findLeftovers(containers).map(({ name, rightful }) => (rightful ? `${name} -> ${rightful}` : name))

test.each<[string, readonly Container[], readonly string[]]>([
  ['nothing', [], []],
  ['a container that waits for its start', [made('shop-web-1')], []],
  [
    'the replacement beside the one that it was to replace',
    [made('0123456789ab_shop-web-1'), made('shop-web-1', { state: 'exited' })],
    ['0123456789ab_shop-web-1'],
  ],
  [
    'the replacement of one that is gone',
    [made('0123456789ab_shop-web-1')],
    ['0123456789ab_shop-web-1 -> shop-web-1'],
  ],
  [
    'two for one name: the first may have it',
    [made('bbbbbbbbbbbb_web'), made('aaaaaaaaaaaa_web')],
    ['bbbbbbbbbbbb_web -> web', 'aaaaaaaaaaaa_web'],
  ],
  ['one that runs', [made('0123456789ab_web', { state: 'running', startedAt: '2026-01-31T12:00:00Z' })], []],
  ['one that ran', [made('0123456789ab_web', { state: 'exited', startedAt: '2026-01-31T12:00:00Z' })], []],
  ['one that ended at once', [made('0123456789ab_web', { startedAt: '2026-01-31T12:00:00Z' })], []],
  ['names of other kinds', [made('0123456789AB_web'), made('0123456789abc_web'), made('0123456789ab_')], []],
])('%s', (_, containers, expected) => {
  expect(names(...containers)).toEqual(expected)
})
