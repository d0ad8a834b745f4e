import { describe, expect, test } from 'vitest'
import { gitBench } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('changed files', () => {
  test('name both sides of a rename, and odd names as they are', async () => {
    const { origin, path } = bench.cloned({
      'old name': 'the same text\n',
      'line\nbreak': '1',
      'ü"': '1',
      mode: '1',
    })
    const from = bench.play.git(path, 'rev-parse', 'HEAD')
    origin.commit({
      'old name': null,
      'new name': 'the same text\n',
      'line\nbreak': '2',
      'ü"': null,
      '-x': '1',
    })
    const to = await bench.pull(path)
    expect((await bench.git.changedFiles(path, from, to))?.toSorted()).toEqual(
      ['-x', 'line\nbreak', 'new name', 'old name', 'ü"'].toSorted(),
    )
    expect(await bench.git.changedFiles(path, to, to)).toEqual([])
  })

  test.for(['f'.repeat(40), 'nope', ''])('are unknown where the base is: %j', async (base) => {
    const { path } = bench.cloned()
    expect(await bench.git.changedFiles(path, base, 'HEAD')).toBeUndefined()
  })
})

test('tracked is the very file, not what its name matches as a pattern', async () => {
  const { path } = bench.cloned({ ab: '1', '[ab]': '1', '-x': '1', 'folder/a': '1' })
  writeFiles(path, { 'a*': '1', new: '1' })
  const files = ['ab', '[ab]', '-x', 'a*', '*', ':/ab', 'new', 'gone', 'folder', 'folder/a']
  const tracked: string[] = []
  for (const file of files) if (await bench.git.isTracked(path, file)) tracked.push(file)
  expect(tracked).toEqual(['ab', '[ab]', '-x', 'folder/a'])
})
