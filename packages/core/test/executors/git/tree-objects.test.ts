import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCommitObject } from '../../../src/executors/git/commit-object.ts'
import { changesBetween, idsBelow } from '../../../src/executors/git/tree-objects.ts'
import { gitBench } from '../../support/git-bench.ts'
import { type Files, writeFiles } from '../../support/repository.ts'

const bench = gitBench()

/** Few names, so that files take the place of folders and the other way round. */
const name = fc.constantFrom('a', 'a.b', 'a-b', 'b', 'ü')
const contents = fc.constantFrom<Files[string]>('1', '2', { link: '1' }, { program: '1' })
const trees = fc.dictionary(
  fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
  contents,
  { maxKeys: 6 },
)

/** Without what would have to lie below a file. */
function possible(files: Files): Files {
  const names = Object.keys(files)
  return Object.fromEntries(
    Object.entries(files).filter(([file]) => !names.some((other) => file.startsWith(`${other}/`))),
  )
}

function committed(path: string, files: Files): string {
  bench.play.git(path, 'rm', '-r', '--quiet', '--force', '--ignore-unmatch', '.')
  writeFiles(path, possible(files))
  bench.play.git(path, 'add', '--all', '--force')
  bench.play.git(path, 'commit', '--quiet', '--allow-empty', '--message', 'x')
  return bench.play.git(path, 'rev-parse', 'HEAD')
}

/** What git tells, as `changesBetween` does. */
function asGit(path: string, before: string, after: string): readonly unknown[] {
  const options = ['-r', '-z', '--raw', '--no-renames']
  const fields = bench.play.git(path, 'diff-tree', ...options, before, after).split('\0')
  const none = '000000'
  return fields.flatMap((file, i) => {
    const [old = '', young = ''] = (fields[i - 1] ?? '').slice(1).split(' ')
    if (i % 2 === 0) return []
    return [{ file, ...(old === none ? {} : { before: old }), ...(young === none ? {} : { after: young }) }]
  })
}

describe('trees in files of their own', () => {
  test('differ as git says, and have what git says at any path', async () => {
    const { path } = bench.cloned()
    const directory = join(path, '.git')
    await fc.assert(
      fc.asyncProperty(trees, trees, async (one, other) => {
        const [before, after] = [committed(path, one), committed(path, other)]
        const [old, young] = await Promise.all([before, after].map((id) => readCommitObject(directory, id)))
        const changes = await changesBetween(directory, old?.tree ?? '', young?.tree ?? '')
        // Of a file that a folder took the place of git tells both, one by one. In its order: reasons of plans are told in it.
        expect(changes).toEqual(asGit(path, before, after))
        const paths = ['', 'a', 'b', 'a/a', 'a/b/ü', 'ü', ...Object.keys(other)]
        const ids = await idsBelow(directory, young?.tree ?? '', paths)
        const listed = bench.play.git(path, 'ls-tree', '-r', '-t', '-z', after).split('\0').filter(Boolean)
        const known = new Map(listed.map((line) => [line.split('\t')[1], line.split(/[ \t]/)[2]]))
        const expected = paths.map((file) => (file === '' ? young?.tree : known.get(file)))
        expect(paths.map((file) => ids?.get(file))).toEqual(expected)
      }),
      { numRuns: process.env['FAIRWAY_LONG'] === '1' ? 100 : 6 },
    )
  })

  test('that are packed are left to git', async () => {
    const { path } = bench.cloned({ 'a/b': '1' })
    const directory = join(path, '.git')
    const [before, after] = [committed(path, { 'a/b': '2' }), committed(path, { 'a/b': '3' })]
    const tree = (id: string): string => bench.play.git(path, 'rev-parse', `${id}^{tree}`)
    expect(await changesBetween(directory, tree(before), tree(after))).toEqual([
      { file: 'a/b', before: '100644', after: '100644' },
    ])
    bench.play.git(path, 'repack', '-a', '-d', '--quiet')
    expect(await changesBetween(directory, tree(before), tree(after))).toBeUndefined()
    expect(await idsBelow(directory, tree(after), ['a'])).toBeUndefined()
    // What needs no tree to be read.
    expect(await changesBetween(directory, tree(after), tree(after))).toEqual([])
  })
})
