import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import { gitBench } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

/** Makes an empty commit in a clone, as long after the others as it is told; gives its id. */
function commit(path: string, message: string, seconds: number, ...options: readonly string[]): string {
  writeFiles(path, { '../message': message })
  const at = `alias.at=!GIT_COMMITTER_DATE="@${1_800_000_000 + seconds} +0000" git`
  bench.play.git(path, '-c', at, 'at', 'commit', ...quiet, ...options)
  return bench.play.git(path, 'rev-parse', 'HEAD')
}
const quiet = ['--quiet', '--allow-empty', '--cleanup=verbatim', '-F', '../message'] as const

test('gives whole messages, the newest first, and both sides of a merge', async () => {
  const { path } = bench.cloned()
  const from = bench.play.git(path, 'rev-parse', 'HEAD')
  const one = commit(path, 'One\n\nof several\n\nDeploy: skip\n', 10)
  bench.play.git(path, 'checkout', '--quiet', '-b', 'side', from)
  const side = commit(path, 'Side\r\n', 20)
  bench.play.git(path, 'checkout', '--quiet', 'main')
  // Its clock is wrong; it is newer than what it is made upon all the same.
  const two = commit(path, 'Two', 5)
  bench.play.git(path, 'merge', '--quiet', '--no-ff', '-m', 'Merge', 'side')
  const merge = bench.play.git(path, 'rev-parse', 'HEAD')
  const found = await bench.git.messages(path, from, merge)
  expect(found?.map(({ commit: id }) => id)).toEqual([merge, side, two, one])
  expect(found?.map(({ message }) => message)).toEqual([
    'Merge\n',
    'Side\r\n',
    'Two',
    'One\n\nof several\n\nDeploy: skip\n',
  ])
  expect(await bench.git.messages(path, undefined, merge)).toEqual([{ commit: merge, message: 'Merge\n' }])
  expect(await bench.git.messages(path, merge, merge)).toEqual([])
  expect(await bench.git.messages(path, merge, one)).toEqual([])
})

test('gives an empty message as one', async () => {
  const { path } = bench.cloned()
  const from = bench.play.git(path, 'rev-parse', 'HEAD')
  const empty = commit(path, '', 10, '--allow-empty-message')
  const after = commit(path, 'After', 20)
  expect(await bench.git.messages(path, from, after)).toEqual([
    { commit: after, message: 'After' },
    { commit: empty, message: '' },
  ])
})

test('gives no more than a thousand', { timeout: 30_000 }, async () => {
  const { path } = bench.cloned()
  const from = bench.play.git(path, 'rev-parse', 'HEAD')
  const commits = Array.from(
    { length: 1_010 },
    (_, index) =>
      `commit refs/heads/long\ncommitter A <a@x> ${1_800_000_000 + index} +0000\ndata <<E\n${index}\nE\n` +
      (index === 0 ? `from ${from}\n` : ''),
  )
  writeFiles(path, { '../import': commits.join('\n') })
  bench.play.git(path, '-c', 'alias.fill=!git fast-import --quiet < ../import', 'fill')
  const found = await bench.git.messages(path, from, bench.play.git(path, 'rev-parse', 'long'))
  expect(found?.length).toBe(1_000)
  expect(found?.[0]?.message).toBe('1009\n')
})

test.for([
  ['f'.repeat(40), 'HEAD'],
  ['HEAD', 'f'.repeat(40)],
  ['HEAD', '--output=hacked'],
  ['--output=hacked', 'HEAD'],
  ['HEAD', ''],
] as const)('has none from %j to %j, as one of them is no commit', async ([from, to]) => {
  const { path } = bench.cloned()
  expect(await bench.git.messages(path, from, to)).toBeUndefined()
  expect(existsSync(join(path, 'hacked'))).toBe(false)
})

test("starts no program of the checkout's configuration", async () => {
  const { path } = bench.cloned()
  const hacked = join(path, 'hacked')
  writeFiles(path, { '../gpg': { program: `#!/bin/sh\ntouch ${hacked}\n` } })
  for (const [key, value] of [
    ['log.showSignature', 'true'],
    ['gpg.program', bench.play.path('gpg')],
    ['core.pager', `touch ${hacked}`],
    ['format.pretty', 'oneline'],
    ['log.diffMerges', 'on'],
  ] as const) {
    bench.play.git(path, 'config', key, value)
  }
  const signed = bench.play.git(path, 'cat-file', 'commit', 'HEAD').replace('\n\n', '\ngpgsig x\n\n')
  writeFiles(path, { '../signed': `${signed}\n` })
  const id = bench.play.git(path, 'hash-object', '-t', 'commit', '-w', '../signed')
  expect(await bench.git.messages(path, undefined, id)).toEqual([{ commit: id, message: 'change\n' }])
  expect(existsSync(hacked)).toBe(false)
})

test('a repository that cannot be read is no empty answer', async () => {
  const git = simpleGit({ environment: bench.play.environment })
  await expect(git.messages(bench.play.path('nowhere'), 'HEAD', 'HEAD')).rejects.toThrow('Cannot read')
})
