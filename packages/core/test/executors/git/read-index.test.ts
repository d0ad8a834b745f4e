import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readIndex } from '../../../src/executors/git/read-index.ts'
import { gitBench } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

const read = async (path: string, idBytes = 20): Promise<readonly string[] | undefined> =>
  (await readIndex(join(path, '.git/index'), idBytes))?.map(
    ({ file, mode, isHidden }) => `${isHidden ? 'hidden ' : ''}${mode.toString(8)} ${file}`,
  )

/** The same, as git tells it: a small letter or an S is a hidden one. */
function listed(path: string): readonly string[] {
  const lines = bench.play.git(path, 'ls-files', '-v', '--stage', '-z').split('\0').filter(Boolean)
  return lines.map((line) => {
    const [tag = '', mode = ''] = line.split(' ')
    const file = line.slice(line.indexOf('\t') + 1)
    return `${/[a-zS]/.test(tag) ? 'hidden ' : ''}${mode} ${file}`
  })
}

describe('the index is read as git lists it', () => {
  test('with odd names of every length, links, programs, submodules and conflicts', async () => {
    const names = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`n${'x'.repeat(i)}`, `${i}`]))
    const { path } = bench.cloned({
      ...names,
      ümläut: '1',
      'line\nbreak': '1',
      'a/b/c': '1',
      link: { link: 'a' },
      run: { program: '' },
    })
    bench.play.git(path, 'checkout', '--quiet', '-b', 'side')
    writeFiles(path, { n: 'side' })
    bench.play.git(path, 'commit', '--quiet', '--all', '--message', 'side')
    bench.play.git(path, 'checkout', '--quiet', 'main')
    writeFiles(path, { n: 'main' })
    bench.play.git(path, 'commit', '--quiet', '--all', '--message', 'main')
    expect(() => bench.play.git(path, 'merge', 'side')).toThrow('merge side')
    bench.play.git(path, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`)
    expect(listed(path)).toContain('160000 lib')
    expect(await read(path)).toEqual(listed(path))
  })

  test.for([
    [[]],
    [['--assume-unchanged']],
    [['--skip-worktree']],
    [['--skip-worktree', '--assume-unchanged']],
  ])('with what is hidden by %j', async ([flags = []]) => {
    const { path } = bench.cloned({ a: '1', b: '1', c: '1' })
    for (const flag of flags) bench.play.git(path, 'update-index', flag, 'b')
    expect(await read(path)).toEqual(listed(path))
    expect((await read(path))?.filter((line) => line.startsWith('hidden'))).toHaveLength(flags.length && 1)
  })

  test('where ids are longer', async () => {
    const path = bench.play.path('long')
    mkdirSync(path)
    bench.play.git(path, 'init', '--quiet', '--object-format=sha256')
    writeFiles(path, { a: '1', 'b/c': '1' })
    bench.play.git(path, 'add', '.')
    expect(await read(path, 32)).toEqual(listed(path))
  })
})

describe('an index is left to git', () => {
  test.for<[string, readonly (readonly string[])[]]>([
    ['of version 4', [['update-index', '--index-version=4']]],
    ['that is split', [['update-index', '--split-index']]],
    ['that is sparse', [['sparse-checkout', 'set', '--cone', '--sparse-index', 'in']]],
  ])('%s', async ([, commands]) => {
    const { path } = bench.cloned({ a: '1', 'in/b': '1', 'out/c': '1' })
    for (const command of commands) bench.play.git(path, ...command)
    expect(await read(path)).toBeUndefined()
  })

  test.for<[string, string | null]>([
    ['that is not there', null],
    ['that is empty', ''],
    ['that is cut off', 'DIRC\0\0\0\u0002\0\0\0\u0001'],
    ['that is something else', 'something else'],
  ])('%s', async ([, content]) => {
    const { path } = bench.cloned()
    writeFiles(path, { '.git/index': content })
    expect(await read(path)).toBeUndefined()
  })

  test('that is cut off in the middle', async () => {
    const { path } = bench.cloned({ a: '1', b: '1' })
    writeFileSync(join(path, '.git/index'), Buffer.from('DIRC\0\0\0\u0002\0\0\0\u0001' + 'x'.repeat(80)))
    expect(await read(path)).toBeUndefined()
  })
})
