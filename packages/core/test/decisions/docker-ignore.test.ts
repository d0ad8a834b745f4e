import { expect, test } from 'vitest'
import { dockerIgnore, ignoreFilesOf } from '../../src/decisions/docker-ignore.ts'

const files = [
  'a',
  'a.txt',
  'A.TXT',
  'c++/x.o',
  'constructor',
  'docs/a.md',
  'docs/deep/b.md',
  'node_modules/left/index.js',
  'node_modules/.keep',
  'web/node_modules/x.js',
  'web/a.txt',
  'web/ü b.txt',
  '😀',
]

const cases: readonly (readonly [text: string, ignored: readonly string[]])[] = [
  ['', []],
  ['# docs\n\n  \n', []],
  ['docs\n', ['docs/a.md', 'docs/deep/b.md']],
  ['/docs/\r\n', ['docs/a.md', 'docs/deep/b.md']],
  ['\uFEFFdocs', ['docs/a.md', 'docs/deep/b.md']],
  ['docs\n!docs/deep\n', ['docs/a.md']],
  ['!docs/deep\ndocs\n', ['docs/a.md', 'docs/deep/b.md']],
  ['*\n!web/a.txt', files.filter((file) => file !== 'web/a.txt')],
  ['*.txt', ['a.txt']],
  ['**/*.txt', ['a.txt', 'web/a.txt', 'web/ü b.txt']],
  ['**.txt', ['a.txt', 'web/a.txt', 'web/ü b.txt']],
  ['**/node_modules', ['node_modules/left/index.js', 'node_modules/.keep', 'web/node_modules/x.js']],
  ['node_modules/*\n!node_modules/.keep', ['node_modules/left/index.js']],
  ['docs/**\n!**/b.md', ['docs/a.md']],
  ['c++', ['c++/x.o']],
  ['?', ['a', '😀']],
  ['[a-b]', ['a']],
  ['[^a]', ['😀']],
  ['web/../docs', ['docs/a.md', 'docs/deep/b.md']],
  ['constructor', ['constructor']],
  ['.', []],
]

test.for(cases)('%j leaves out what Docker leaves out', ([text, ignored]) => {
  const ignore = dockerIgnore(text)
  expect(ignore.isCertain).toBe(true)
  expect(files.filter((file) => ignore.ignores(file))).toEqual(ignored)
})

test.for(['[a', '!', 'a\\', '[z-a]', String.raw`\d`, '(a|b)*', '^*', 'docs\n*.{js,ts}'])(
  'of %j nobody can say what it means to each Docker, so that nothing is taken for ignored',
  (text) => {
    const ignore = dockerIgnore(text)
    expect(ignore.isCertain).toBe(false)
    expect(files.some((file) => ignore.ignores(file))).toBe(false)
    expect(ignore.ignoresAllOf('docs')).toBe(false)
  },
)

test('a folder needs no look unless something below it may come back', () => {
  const foldersOf = (text: string): readonly string[] =>
    ['', 'docs', 'docs/deep', 'node_modules', 'web'].filter((folder) =>
      dockerIgnore(text).ignoresAllOf(folder),
    )
  expect(foldersOf('docs')).toEqual(['docs', 'docs/deep'])
  expect(foldersOf('docs\n!docs/deep/b.md')).toEqual([])
  expect(foldersOf('docs\n!docs/a.md')).toEqual(['docs/deep'])
  expect(foldersOf('*\n!web')).toEqual(['docs', 'docs/deep', 'node_modules'])
  expect(foldersOf('*\n!**/b.md')).toEqual([])
  expect(foldersOf('docs/**')).toEqual(['docs/deep'])
})

test('the ignore file of a Dockerfile wins over that of the context', () => {
  expect(ignoreFilesOf('web', 'docker/web.Dockerfile')).toEqual([
    'docker/web.Dockerfile.dockerignore',
    'web/.dockerignore',
  ])
  expect(ignoreFilesOf('', undefined)).toEqual(['.dockerignore'])
})
