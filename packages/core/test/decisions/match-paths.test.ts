import { describe, expect, test } from 'vitest'
import { globProblem, matchesEverything, pathMatcher } from '../../src/decisions/match-paths.ts'

const lists: readonly (readonly [
  globs: readonly string[],
  matches: readonly string[],
  not: readonly string[],
])[] = [
  [['**'], ['a', 'a/b/c', '.env', '.github/x.yml', 'a/.b/c', 'with\nbreak', 'ü'], []],
  [['src/**'], ['src/a', 'src/a/b', 'src/.env', 'src/a\nb'], ['src', 'a/src/b', 'srcs/a', 'README.md']],
  [['*.md'], ['README.md', '.md'], ['docs/a.md', 'README.mdx']],
  [['**/*.md'], ['README.md', 'docs/a.md', 'docs/deep/a.md'], ['a.ts', 'a.md/b']],
  [['api/*/x'], ['api/a/x'], ['api/x', 'api/a/b/x']],
  [['a/**/b/**/c'], ['a/b/c', 'a/1/2/b/3/c', 'a/b/b/c'], ['a/c', 'a/b', 'b/a/c']],
  [
    ['src/*.{ts,js}', 'v[0-9]?'],
    ['src/a.ts', 'src/a.js', 'v1x'],
    ['src/a.py', 'v12x', 'vax'],
  ],
  [['src/[id]/page.tsx'], ['src/i/page.tsx'], ['src/id/page.tsx']],
  [['\\[id\\]/*'], ['[id]/page.tsx'], ['i/page.tsx']],
  // What Dokploy got wrong: the first glob alone decided.
  [
    ['src/**', '!src/docs/**'],
    ['src/a', 'src/docs.ts'],
    ['src/docs/a.md', 'README.md'],
  ],
  [['src/**', '!src/docs/**', 'src/docs/api.yml'], ['src/a', 'src/docs/api.yml'], ['src/docs/a.md']],
  [['!docs/**', 'docs/api.yml'], ['docs/api.yml'], ['docs/a.md', 'src/a']],
  [['!src/docs/**', 'src/**'], ['src/docs/a.md', 'src/a'], ['README.md']],
  [
    ['!docs/**', '!*.md'],
    ['src/a', '.env', 'deep/a.md'],
    ['docs/a', 'README.md'],
  ],
  [['!(docs)/**'], ['src/a'], ['docs/a']],
  [['Src/**'], ['Src/a'], ['src/a']],
  [['constructor'], ['constructor'], ['__proto__']],
  [[], ['a'], []],
]
const rows = lists.flatMap(([globs, matches, not]) => [
  ...matches.map((file) => [globs, file, true] as const),
  ...not.map((file) => [globs, file, false] as const),
])

test.for(rows)('%j and %j: %j', ([globs, file, expected]) => {
  expect(pathMatcher(globs)(file)).toBe(expected)
})

test('no path that somebody pushes keeps it busy', () => {
  const globs = ['**/a/**/b/**/c/**/d', '*a*a*b', '*a*a*b/**']
  const files = ['a/b/c/'.repeat(600), 'a'.repeat(250), 'a'.repeat(100_000), '/'.repeat(10_000)]
  const started = performance.now()
  expect(files.filter(pathMatcher(globs))).toEqual([])
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('only lists of ** match everything', () => {
  expect([['**'], ['**', '**'], []].map(matchesEverything)).toEqual([true, true, true])
  expect([['**/*'], ['**', '!docs/**'], ['src/**']].map(matchesEverything)).toEqual([false, false, false])
})

describe('a glob', () => {
  test.each([
    '**',
    'src/**',
    '!src/docs/**',
    '*.{ts,tsx}',
    '[a-z]*',
    '!(docs)/**',
    '.github/**',
    'a b',
    '\\[id\\]/x',
  ])('%j is fine', (glob) => {
    expect(globProblem(glob)).toBeUndefined()
  })

  test.each([
    ['!', 'must have a glob after the !'],
    ['!!a', 'must have a glob after the !'],
    ['/src/**', 'must be relative to the checkout'],
    ['!/src/**', 'must be relative to the checkout'],
    ['src/', 'must match files: all that is in a folder is folder/**'],
    ['../x', 'must stay inside the checkout'],
    ['a/../b', 'must stay inside the checkout'],
    ['./a', 'must not have empty parts or . between its /'],
    ['a//b', 'must not have empty parts or . between its /'],
    ['*a*b*c*', 'must not have more than 3 * between two /'],
    ['[a', 'is not a glob; { }, [ ] and ( ) must be closed before the next /'],
    ['{a/b,c}', 'is not a glob; { }, [ ] and ( ) must be closed before the next /'],
    ['[z-a]', 'is not a glob; { }, [ ] and ( ) must be closed before the next /'],
    ['(a', 'is not a glob; { }, [ ] and ( ) must be closed before the next /'],
  ])('%j %s', (glob, problem) => {
    expect(globProblem(glob)).toBe(problem)
  })
})
