import { expect, test } from 'vitest'
import { likelySkips } from '../../src/decisions/likely-skips.ts'

const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(40))
const commit = (id: string | undefined, message: unknown, files: Record<string, unknown> = {}) => ({
  id,
  message,
  added: [],
  modified: [],
  removed: [],
  ...files,
})
const docs = { modified: ['docs/a.md'] }
const all = ['**']
const src = ['src/**']

test.each<[string, unknown, readonly string[], boolean]>([
  ['no payload', undefined, all, false],
  ['no commits', { after: two }, all, false],
  ['an empty list', { after: two, commits: [] }, src, false],
  ['commits of another shape', { after: two, commits: [null, 1] }, all, false],
  ['one that says nothing', { after: two, commits: [commit(two, 'Fix')] }, all, false],
  ['one that says skip', { after: two, commits: [commit(two, 'Fix [skip ci]')] }, all, true],
  ['a message that is none', { after: two, commits: [commit(two, { x: '[skip ci]' })] }, all, false],
  [
    'a newer one that asks for a rebuild',
    {
      after: two,
      commits: [commit(one, '[skip ci]'), commit(two, 'x\n\nDeploy: rebuild')],
    },
    all,
    false,
  ],
  [
    'a newer one that says nothing',
    {
      after: two,
      commits: [commit(one, '[skip ci]'), commit(two, 'Fix')],
    },
    all,
    true,
  ],
  [
    'the newest first, as other hosts list them',
    {
      after: two,
      commits: [commit(two, 'x\n\nDeploy: rebuild'), commit(one, '[skip ci]')],
    },
    all,
    false,
  ],
  ['a list without the newest one', { after: three, commits: [commit(one, '[skip ci]')] }, all, false],
  ['no after', { commits: [commit(one, '[skip ci]')] }, all, false],
  ['files that match nothing', { after: two, commits: [commit(two, 'Fix', docs)] }, src, true],
  [
    'files that match nothing, where all count',
    { after: two, commits: [commit(two, 'Fix', docs)] },
    all,
    false,
  ],
  [
    'one file that matches',
    {
      after: two,
      commits: [commit(one, 'Fix', { removed: ['src/a'] }), commit(two, 'Fix', docs)],
    },
    src,
    false,
  ],
  ['no files', { after: two, commits: [commit(two, 'Fix')] }, src, false],
  ['files that are not listed', { after: two, commits: [{ id: two, message: 'Fix' }] }, src, false],
  ['files of another shape', { after: two, commits: [commit(two, 'Fix', { added: [1] })] }, src, false],
])('%s', (_, payload, paths, expected) => {
  expect(likelySkips(payload, { paths })).toBe(expected)
})
