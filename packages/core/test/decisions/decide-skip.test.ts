import { expect, test } from 'vitest'
import { decideSkip, type SkipDecision, type SkipInput } from '../../src/decisions/decide-skip.ts'

const commit = (letter: string, message: string) => ({ commit: letter.repeat(40), message })
const plain = commit('a', 'Fix')
const skips = commit('b', 'Fix\n\nDeploy: skip')
const rebuilds = commit('c', 'Fix\n\nDeploy: rebuild=api')
const nothing: SkipInput = { paths: ['**'], own: [], since: [], changed: undefined }
const src = ['src/**', '!src/docs/**']

const table: readonly (readonly [story: string, input: Partial<SkipInput>, expected: SkipDecision])[] = [
  ['commits that say nothing', { own: [plain], since: [plain] }, { skip: false }],
  [
    'one that says skip',
    { own: [skips], since: [skips] },
    { skip: true, because: 'bbbbbbb says Deploy: skip' },
  ],
  [
    'a skip below a commit that says nothing',
    { own: [plain, skips], since: [plain, skips] },
    { skip: true, because: 'bbbbbbb says Deploy: skip' },
  ],
  ['a skip of an earlier push', { own: [plain], since: [plain, skips] }, { skip: false }],
  [
    'a skip above a rebuild',
    { own: [skips, rebuilds], since: [skips, rebuilds] },
    { skip: true, because: 'bbbbbbb says Deploy: skip' },
  ],
  [
    'a rebuild above a skip',
    { own: [rebuilds, skips], since: [rebuilds, skips] },
    { skip: false, rebuild: { services: ['api'], because: 'ccccccc says Deploy: rebuild=api' } },
  ],
  [
    'a rebuild of an earlier push that was not deployed',
    { own: [plain], since: [plain, skips, rebuilds] },
    { skip: false, rebuild: { services: ['api'], because: 'ccccccc says Deploy: rebuild=api' } },
  ],
  [
    'a rebuild, though no file matches',
    { own: [rebuilds], since: [rebuilds], paths: src, changed: ['README.md'] },
    { skip: false, rebuild: { services: ['api'], because: 'ccccccc says Deploy: rebuild=api' } },
  ],
  ['a file that matches', { paths: src, changed: ['README.md', 'src/a'] }, { skip: false }],
  ['no file at all', { paths: src, changed: [] }, { skip: false }],
  ['files that nobody knows', { paths: src, changed: undefined }, { skip: false }],
  [
    'no file that matches',
    { paths: src, changed: ['src/docs/a.md', 'bad\u001b'] },
    { skip: true, because: 'no changed file matches paths (src/docs/a.md, bad\\x1b)' },
  ],
  [
    'many that do not',
    { paths: src, changed: ['1', '2', '3', '4', '5', '6', '7'] },
    { skip: true, because: 'no changed file matches paths (1, 2, 3, 4, 5 and 2 more)' },
  ],
]

test.each(table)('%s', (_, input, expected) => {
  expect(decideSkip({ ...nothing, ...input })).toEqual(expected)
})
