import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { trackChildren } from '../../../src/run.ts'
import { at, gitBench, text } from '../../support/git-bench.ts'

const bench = gitBench()

/** Content that git can't make smaller. */
const noise = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => Math.random() * 256))

function received(path: string): boolean {
  return readdirSync(join(path, '.git/objects/pack')).some((name) => name.startsWith('tmp_pack'))
}

test.for([
  ['as soon as it is started', () => true],
  ['while it receives', received],
] as const)('F2: a fetch that is killed %s is done again by the next pull', async ([, isTime]) => {
  const { origin, path } = bench.cloned()
  origin.commit({ big: noise(8_000_000), a: '2' })
  const children = trackChildren()
  let groups: readonly number[] = []
  children.watch((running) => (groups = running))
  let isOver = false
  const fetching = bench.git
    .fetch(at(path), 'refs/heads/main', { children })
    .then(
      () => 'done',
      () => 'killed',
    )
    .finally(() => (isOver = true))
  while (!isOver && (groups.length === 0 || !isTime(path))) await nextTurn()
  for (const group of groups) process.kill(-group, 'SIGKILL')
  expect(await fetching).toBe('killed')

  origin.commit({ a: '3' })
  expect(await bench.pull(path)).toBe(origin.git('rev-parse', 'main'))
  expect(text(path, 'a')).toBe('3')
  expect(bench.play.git(path, 'fsck', '--connectivity-only')).toBe('')
  expect(readdirSync(join(path, '.git/objects/pack')).filter((name) => name.startsWith('tmp_'))).toEqual([])
})
