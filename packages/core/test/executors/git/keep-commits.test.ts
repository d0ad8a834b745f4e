import { mkdirSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { at, gitBench, keptRef, time } from '../../support/git-bench.ts'
import { type Origin, writeFiles } from '../../support/repository.ts'

const bench = gitBench()
let origin: Origin
let path: string
beforeEach(() => {
  ;({ origin, path } = bench.cloned())
})

const head = (): string => bench.play.git(path, 'rev-parse', 'HEAD')
const fetched = async (): Promise<string> => (await bench.git.fetch(at(path), 'refs/heads/main')).commit

function commitHere(file: string): string {
  writeFiles(path, { [file]: 'mine' })
  bench.play.git(path, 'add', '--all')
  bench.play.git(path, 'commit', '--quiet', '--message', file)
  return head()
}

test('commits that somebody made in the checkout are kept, whatever branch they are on', async () => {
  bench.play.git(path, 'checkout', '--quiet', '--detach')
  const mine = commitHere('mine')
  origin.commit({ a: '2' })
  const tip = await fetched()
  expect(await bench.git.keepCommits(path, tip, time)).toBe(keptRef)
  await bench.git.moveTo(at(path), 'main', tip)
  expect(bench.play.git(path, 'rev-parse', keptRef)).toBe(mine)
  expect(await bench.git.keepCommits(path, tip, time)).toBeUndefined()
})

test('what the remote has, or had when it was deployed, is not kept', async () => {
  origin.commit({ a: '2' })
  expect(await bench.git.keepCommits(path, await fetched(), time)).toBeUndefined()

  await bench.git.recordDeployed(path, 'shop', { commit: head(), services: {}, unsettled: [] })
  origin.rewrite({ b: '1' })
  expect(await bench.git.keepCommits(path, await fetched(), time)).toBeUndefined()
})

test('what was pushed meanwhile is not kept, nor is anything before the first commit', async () => {
  commitHere('mine')
  bench.play.git(path, 'push', '--quiet', 'origin', 'HEAD:main')
  expect(await bench.git.keepCommits(path, await fetched(), time)).toBeUndefined()
  mkdirSync(bench.play.path('fresh'))
  bench.play.git(bench.play.path('fresh'), 'init', '--quiet')
  expect(await bench.git.keepCommits(bench.play.path('fresh'), head(), time)).toBeUndefined()
})
