import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import { type Origin, writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('what a person names', () => {
  let origin: Origin
  let path: string
  beforeEach(() => {
    ;({ origin, path } = bench.cloned())
  })

  test('may be a branch, also one with a slash', async () => {
    const commit = origin.commit({ b: '1' }, 'feature/x')
    expect(await bench.git.fetchNamed(at(path), 'feature/x')).toEqual({ ref: 'refs/heads/feature/x', commit })
  })

  test.for([
    ['light', []],
    ['annotated', ['--annotate', '--message', 'first']],
  ] as const)('may be a %s tag; the branch of that name wins', async ([, options]) => {
    const tagged = origin.git('rev-parse', 'main')
    bench.play.git(bench.play.path('origin-work'), 'tag', ...options, 'v1')
    bench.play.git(bench.play.path('origin-work'), 'push', '--quiet', origin.path, 'v1')
    const commit = origin.commit({ a: '2' })
    expect(await bench.git.fetchNamed(at(path), 'v1')).toEqual({ ref: 'refs/tags/v1', commit: tagged })
    await bench.git.moveTo(at(path), 'main', tagged)
    origin.git('branch', 'v1', 'main')
    expect(await bench.git.fetchNamed(at(path), 'v1')).toEqual({ ref: 'refs/heads/v1', commit })
    expect(await bench.git.fetchNamed(at(path), 'refs/tags/v1')).toEqual({
      ref: 'refs/tags/v1',
      commit: tagged,
    })
  })

  test('may be any full ref', async () => {
    const commit = origin.git('rev-parse', 'main')
    origin.git('update-ref', 'refs/pull/7/head', commit)
    expect(await bench.git.fetchNamed(at(path), 'refs/pull/7/head')).toEqual({
      ref: 'refs/pull/7/head',
      commit,
    })
  })

  test('may be a full SHA: a tip, one further back, one that only another branch has', async () => {
    const back = origin.commit({ a: '2' }, 'other')
    const tip = origin.commit({ a: '3' }, 'other')
    for (const commit of [tip, back]) {
      expect(await bench.git.fetchNamed(at(path), commit)).toEqual({ ref: commit, commit })
      await bench.git.moveTo(at(path), 'main', commit)
    }
  })

  test('may be a SHA that the host does not send on its own', async () => {
    const back = origin.commit({ a: '2' }, 'other')
    origin.commit({ a: '3' }, 'other')
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'false')
    // Protocol 2 sends any commit; the older one refuses.
    bench.play.git(path, 'config', 'protocol.version', '0')
    expect(await bench.git.fetchNamed(at(path), back)).toEqual({ ref: back, commit: back })
  })

  test('moves nothing that is tracked where it is only looked at', async () => {
    const commit = origin.commit({ a: '2' })
    const before = bench.play.git(path, 'for-each-ref')
    expect((await bench.git.fetchNamed({ ...at(path), aside: true }, 'main')).commit).toBe(commit)
    expect(bench.play.git(path, 'for-each-ref')).toBe(before)
  })

  test.for([
    ['is there', (back: string) => back],
    ['is not', () => 'f'.repeat(40)],
  ] as const)('may be such a SHA that is only looked at, moves no ref, and %s', async ([, choose]) => {
    const back = origin.commit({ a: '2' }, 'other')
    origin.commit({ a: '3' }, 'other')
    origin.commit({ a: '4' })
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'false')
    bench.play.git(path, 'config', 'protocol.version', '0')
    const refs = (): string => bench.play.git(path, 'for-each-ref')
    const before = refs()
    const named = choose(back)
    const fetching = bench.git.fetchNamed({ ...at(path), aside: true }, named)
    expect(await fetching.catch((error: unknown) => error)).toMatchObject(
      named === back
        ? { ref: back, commit: back }
        : { code: 'ref_not_found', message: `Cannot deploy ${named} of ${path}: it is not a commit` },
    )
    expect(refs()).toBe(before)
  })

  test.for(['nope', 'a1b2c3d', 'f'.repeat(40), 'refs/heads/nope'])(
    'is said where the remote has none: %s',
    async (name) => {
      await expect(bench.git.fetchNamed(at(path), name)).rejects.toMatchObject({
        code: 'ref_not_found',
        message: expect.stringContaining(name) as string,
      })
    },
  )

  test('S11: is refused when it looks like an option or is no name, before any process is started', async () => {
    const bin = bench.play.path('bin')
    writeFiles(bin, { git: `#!/bin/sh\necho "$@" >> ${bench.play.path('calls')}\nexit 1\n` })
    chmodSync(join(bin, 'git'), 0o755)
    const git = simpleGit({ environment: { PATH: bin } })
    const touch = `--upload-pack=touch ${bench.play.path('hacked')}`
    for (const name of [
      touch,
      '-u',
      '--',
      '',
      'a..b',
      'a b',
      'HEAD~1',
      '@{-1}',
      'a:b',
      'x\ny',
      '*',
      '^main',
    ]) {
      await expect(git.fetchNamed(at(path), name)).rejects.toMatchObject({ code: 'ref_not_found' })
      await expect(git.fetch(at(path), name)).rejects.toMatchObject({ code: 'ref_not_found' })
    }
    await expect(git.fetch(at(path), `refs/heads/${touch}`)).rejects.toMatchObject({
      code: 'ref_not_found',
    })
    expect([existsSync(bench.play.path('calls')), existsSync(bench.play.path('hacked'))]).toEqual([
      false,
      false,
    ])
  })
})
