import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitBench } from '../../support/git-bench.ts'

const bench = gitBench()

describe('head', () => {
  test('tells branch and commit', async () => {
    const { path } = bench.cloned()
    expect(await bench.git.head(path)).toEqual({
      branch: 'main',
      commit: bench.play.git(path, 'rev-parse', 'HEAD'),
    })
  })

  test('has no branch when detached, no commit when unborn', async () => {
    const { path } = bench.cloned()
    const commit = bench.play.git(path, 'rev-parse', 'HEAD')
    bench.play.git(path, 'checkout', '--quiet', '--detach')
    expect(await bench.git.head(path)).toEqual({ commit })
    bench.play.git(bench.play.directory, 'init', '--quiet', 'fresh')
    expect(await bench.git.head(bench.play.path('fresh'))).toEqual({ branch: 'main' })
  })

  test('is undefined where there is no folder, no checkout, or only a bare repository', async () => {
    mkdirSync(bench.play.path('plain'))
    const { path } = bench.play.origin()
    expect(await bench.git.head(bench.play.path('gone'))).toBeUndefined()
    expect(await bench.git.head(bench.play.path('plain'))).toBeUndefined()
    expect(await bench.git.head(path)).toBeUndefined()
  })

  test('does not climb out of a folder that lies inside another checkout', async () => {
    const { path } = bench.cloned({ 'inner/a': '1' })
    mkdirSync(join(path, 'new'))
    expect(await bench.git.head(join(path, 'inner'))).toBeUndefined()
    expect(await bench.git.head(join(path, 'new'))).toBeUndefined()
  })

  test('follows a symbolic link to the checkout', async () => {
    const { path } = bench.cloned()
    symlinkSync(path, bench.play.path('link'))
    expect(await bench.git.head(bench.play.path('link'))).toMatchObject({ branch: 'main' })
  })
})
