import { expect, test } from 'vitest'
import { chooseRelease } from '../../src/decisions/choose-release.ts'
import type { Content, HeldContent, Release } from '../../src/domain/release.ts'
import type { DeployedState } from '../../src/domain/state.ts'

const commits = { a: 'a'.repeat(40), b: 'b'.repeat(40), c: 'c'.repeat(40) } as const
type Name = keyof typeof commits

function release(name: Name, content: Content & { readonly image?: string }, day: number): Release {
  const commit = commits[name]
  return {
    id: `2026010${day}T120000.000Z-${commit.slice(0, 7)}`,
    commit,
    ref: 'refs/heads/main',
    at: `2026-01-0${day}T12:00:00.000Z`,
    deployment: `0000-${name}${name}`,
    project: 'shop',
    plan: { app: 'shop', commit, services: [] },
    services: { web: content },
  }
}
const [one, two, three] = [
  { buildKey: '1', image: 'sha256:1' },
  { buildKey: '2', image: 'sha256:2' },
  { buildKey: '3', image: 'sha256:3' },
] as const
const releases = [release('c', three, 3), release('b', two, 2), release('a', one, 1)]
const none = { content: [] }

function state(day: number): DeployedState {
  const { id, commit, services } = releases[3 - day] as Release
  return { commit, project: 'shop', release: id, services, unsettled: [] }
}
function held(content: Content): HeldContent {
  return { service: 'web', ...content, commit: commits.c, reason: 'bad', at: '2026-01-04T12:00:00.000Z' }
}
const chosen = (choice: Partial<Parameters<typeof chooseRelease>[0]>): string | undefined =>
  chooseRelease({ releases, recorded: state(3), holds: none, ...choice })?.commit[0]

test.each<[string, Parameters<typeof chosen>[0], Name | undefined]>([
  ['the one before the present', {}, 'b'],
  ['after a way back the one before that, not forward again', { recorded: state(2) }, 'a'],
  ['none before the first', { recorded: state(1) }, undefined],
  ['none where there are none', { releases: [] }, undefined],
  ['not what is held', { holds: { content: [held({ buildKey: '2' })] } }, 'a'],
  [
    'not one of the same content and images as the present',
    { releases: [release('c', two, 3), release('b', two, 2), release('a', one, 1)] },
    'a',
  ],
  [
    'one of the same content and another image, as after a newer base',
    { releases: [release('c', { ...two, image: 'sha256:4' }, 3), release('b', two, 2)] },
    'b',
  ],
  [
    'the newest that is not what was recorded, where that is no release',
    { recorded: { commit: commits.c, services: { web: three }, unsettled: [] } },
    'b',
  ],
  ['the newest where nothing is recorded', { recorded: undefined }, 'c'],
])('without a wish: %s', (_, choice, expected) => {
  expect(chosen(choice)).toBe(expected)
})

test.each<[string, string, Name | undefined]>([
  ['a commit', commits.a, 'a'],
  ['the beginning of one', 'BBBB', 'b'],
  ['a deployment', '0000-aa', 'a'],
  ['the end of one', '0-bb', 'b'],
  ['a release', `20260101T120000.000Z-${'a'.repeat(7)}`, 'a'],
  ['what is deployed now', commits.c, 'c'],
  ['too little to be meant', 'aaa', undefined],
  ['nothing', '', undefined],
  ['another commit', 'd'.repeat(40), undefined],
])('%s names it: %j', (_, to, expected) => {
  expect(chosen({ to })).toBe(expected)
})

test('what is named is gone back to though it is held', () => {
  expect(chosen({ to: commits.b, holds: { content: [held({ buildKey: '2' })] } })).toBe('b')
})
