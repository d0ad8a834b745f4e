import { expect, test } from 'vitest'
import type { Deployment } from '../../../src/index.ts'
import { type History, judgeHistory, lost } from './history.ts'

const time = (second: number): string => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString()

function deployment(id: string, start: number, changes: Partial<Deployment> = {}): Deployment {
  return {
    id,
    app: 'shop',
    status: 'success',
    reason: null,
    commit: 'one',
    subject: null,
    author: null,
    attempt: 1,
    delivery: null,
    supersededBy: null,
    createdAt: time(start),
    startedAt: time(start),
    endedAt: time(start + 5),
    plan: null,
    containers: null,
    steps: [],
    ...changes,
  }
}

function history(deployments: readonly Deployment[], changes: Partial<History> = {}): History {
  return { promised: new Map(), deployments, commits: new Map([['shop', ['one', 'two']]]), ...changes }
}

test('a history as promised has nothing against it', () => {
  const gone = {
    status: 'superseded',
    reason: 'superseded by c',
    supersededBy: 'c',
    startedAt: null,
  } as const
  const deployments = [deployment('a', 0), deployment('b', 5, gone), deployment('c', 6, { commit: 'two' })]
  const promised = new Map([['first', ['a', 'b']]])
  const ended = new Map([['a', deployment('a', 0)]])
  expect(judgeHistory(history(deployments, { promised, ended }))).toEqual([])
})

test.for<[what: string, seen: History, says: RegExp]>([
  [
    'a deployment that is gone',
    history([], { promised: new Map([['x', ['a']]]) }),
    /a is not in the journal/,
  ],
  [
    'one that has not ended',
    history([deployment('a', 0, { status: 'interrupted', endedAt: null })], {
      promised: new Map([['x', ['a']]]),
    }),
    /a is interrupted/,
  ],
  [
    'a final state without an end',
    history([deployment('a', 0, { endedAt: null })]),
    /a is success, ended: null/,
  ],
  ['an end without a reason', history([deployment('a', 0, { status: 'failure' })]), /without a reason/],
  [
    'an end that changed',
    history([deployment('a', 0)], { ended: new Map([['a', deployment('a', 0, { status: 'failure' })]]) }),
    /had ended as failure/,
  ],
  [
    'a second end',
    history([deployment('a', 0)], { ended: new Map([['a', deployment('a', 0, { endedAt: time(1) })]]) }),
    /had ended as success at/,
  ],
  [
    'one that gave way to nothing',
    history([deployment('a', 0, { status: 'superseded', reason: 'superseded by b', supersededBy: 'b' })]),
    /superseded by b, which is not in the journal/,
  ],
  [
    'one that gave way to an older one',
    history([
      deployment('b', 0),
      deployment('a', 9, {
        status: 'superseded',
        reason: 'superseded by b',
        supersededBy: 'b',
        startedAt: null,
      }),
    ]),
    /superseded by the older b/,
  ],
  [
    'commits that go back',
    history([deployment('a', 0, { commit: 'two' }), deployment('b', 6)]),
    /went back from two to one/,
  ],
  ['a commit from nowhere', history([deployment('a', 0, { commit: 'x' })]), /which the branch never had/],
  ['two runs at once', history([deployment('a', 0), deployment('b', 4)]), /a ran until .* and b from/],
])('finds %s', ([, seen, says]) => {
  expect(judgeHistory(seen).join('\n')).toMatch(says)
})

test('counts what was promised and did not end', () => {
  const open = deployment('b', 0, { status: 'queued', endedAt: null })
  const promised = new Map([
    ['x', ['a', 'b']],
    ['y', ['c']],
  ])
  expect(lost(history([deployment('a', 0), open], { promised }))).toHaveLength(2)
})
