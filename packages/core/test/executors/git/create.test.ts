import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { at, gitBench, text } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('create', () => {
  test.for([
    ['a new folder', false],
    ['an empty folder', true],
  ] as const)('clones into %s', async ([, isThere]) => {
    const origin = bench.play.origin()
    const commit = origin.commit({ 'a b/ä': '1' })
    const path = bench.play.path('deep', 'shop')
    if (isThere) mkdirSync(path, { recursive: true })
    await bench.git.create({ ...at(path), url: origin.path })
    expect(await bench.git.defaultBranch(at(path))).toBe('main')
    expect(await bench.git.fetch(at(path), 'refs/heads/main')).toEqual({ ref: 'refs/heads/main', commit })
    await bench.git.moveTo(at(path), 'main', commit)
    expect(text(path, 'a b/ä')).toBe('1')
    expect(await bench.git.head(path)).toEqual({ branch: 'main', commit })
    expect(bench.play.git(path, 'remote', 'get-url', 'origin')).toBe(origin.path)
  })

  test('does not clone over files, nor inside another checkout', async () => {
    const { origin, path } = bench.cloned()
    writeFiles(bench.play.path('full'), { '.env': 'KEEP=1' })
    await expect(
      bench.git.create({ ...at(bench.play.path('full')), url: origin.path }),
    ).rejects.toMatchObject({
      code: 'checkout_invalid',
      message: `Cannot clone into ${bench.play.path('full')}: it is not empty and not a git checkout`,
    })
    // An empty folder inside another checkout becomes a checkout of its own, and the outer one stays.
    const inner = join(path, 'inner')
    await bench.git.create({ ...at(inner), url: origin.path })
    await bench.pull(inner)
    expect(realpathSync(bench.play.git(inner, 'rev-parse', '--show-toplevel'))).toBe(inner)
  })

  test('fetches from the given URL rather than from origin', async () => {
    const { path } = bench.cloned()
    const other = bench.play.origin('other')
    const commit = other.commit({ b: '2' })
    const checkout = { ...at(path), url: other.path }
    expect(await bench.git.fetch(checkout, 'refs/heads/main')).toEqual({ ref: 'refs/heads/main', commit })
  })

  test('needs some remote', async () => {
    bench.play.git(bench.play.directory, 'init', '--quiet', 'fresh')
    await expect(bench.git.fetch(at(bench.play.path('fresh')), 'refs/heads/main')).rejects.toMatchObject({
      code: 'checkout_invalid',
      hint: `Run git -C ${bench.play.path('fresh')} remote add origin URL, or set \`url\` of the app`,
    })
  })
})
