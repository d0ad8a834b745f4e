import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { trackChildren } from '../../../src/run.ts'
import { at, gitBench, text } from '../../support/git-bench.ts'

const bench = gitBench()

const packs = (path: string): readonly string[] => readdirSync(join(path, '.git/objects/pack'))
const temporaries = (path: string): readonly string[] => packs(path).filter((name) => name.startsWith('tmp_'))

/** Kills a fetch with -9 as soon as it is so far; false where it was done before. */
async function isKilled(path: string, isTime: () => boolean): Promise<boolean> {
  const children = trackChildren()
  let groups: readonly number[] = []
  children.watch((running) => (groups = running))
  let isOver = false
  const fetching = bench.git
    .fetch(at(path), 'refs/heads/main', { children })
    .then(
      () => false,
      () => true,
    )
    .finally(() => (isOver = true))
  while (!isOver && !(groups.length > 0 && isTime())) await nextTurn()
  if (!isOver) for (const group of groups) process.kill(-group, 'SIGKILL')
  return fetching
}

test.for(['as soon as it is started', 'while it receives'])(
  'F2: a fetch that is killed %s is done again by the next pull',
  async (when) => {
    const { origin, path } = bench.cloned()
    // As in a fetch of many objects, which are not unpacked.
    bench.play.git(path, 'config', 'fetch.unpackLimit', '1')
    const isTime = (): boolean => when === 'as soon as it is started' || temporaries(path).length > 0
    let killed = false
    for (let attempt = 0; attempt < 10 && !killed; attempt += 1) {
      origin.commit({ big: randomBytes(8_000_000), a: `${attempt}` })
      killed = await isKilled(path, isTime)
    }
    expect(killed).toBe(true)

    origin.commit({ a: 'next' })
    expect(await bench.pull(path)).toBe(origin.git('rev-parse', 'main'))
    expect([text(path, 'a'), temporaries(path)]).toEqual(['next', []])
    expect(bench.play.git(path, 'fsck', '--connectivity-only')).toBe('')
  },
)
