import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { pullAndDecide } from '../../support/deploy-bench.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import { type Origin, writeFiles } from '../../support/repository.ts'

const bench = gitBench()
const compose = { 'docker-compose.yml': 'services: {}\n' }

let origin: Origin
let base: string
beforeEach(() => {
  origin = bench.play.origin()
  base = origin.commit({ ...compose, a: '1' })
  origin.commit({ a: '2' })
  origin.commit({ b: '1' })
})

/** A clone made anew of the newest commit alone, with the refs that the one before it had. */
function cloneAnew(deployed: string): string {
  const path = bench.play.path('shop')
  bench.play.git(bench.play.directory, 'clone', '--quiet', '--depth=1', `file://${origin.path}`, path)
  writeFiles(path, { '.git/refs/fairway/deployed/shop': `${deployed}\n` })
  return path
}

const depth = (path: string): string => bench.play.git(path, 'rev-list', '--count', 'HEAD')

describe('F15: a shallow clone whose base only the remote has', () => {
  test('gets that commit alone, and what changed since then is known', async () => {
    const path = cloneAnew(base)
    expect(await bench.git.deployed(path, 'shop')).toBe(base)
    expect(await bench.git.changedFiles(path, base, 'HEAD')).toBeUndefined()
    writeFiles(path, { '.git/refs/fairway/state/shop': `${'e'.repeat(40)}\n` })
    const { error, log } = await pullAndDecide(bench.git, path)
    expect(error).toBeUndefined()
    expect(log).toContain("Changed files in git: ['a', 'b']")
    expect(depth(path)).toBe('1')
    const commits = bench.play.git(path, 'cat-file', '--batch-all-objects', '--batch-check=%(objecttype)')
    expect(commits.split('\n').filter((type) => type === 'commit')).toHaveLength(2)
  })

  test('is deployed too where the remote has it no more: all is built, saying so', async () => {
    const gone = 'f'.repeat(40)
    const path = cloneAnew(gone)
    const said: string[] = []
    const call = { output: (line: string) => void said.push(line) }
    expect(await bench.git.deployed(path, 'shop')).toBe(gone)
    await bench.git.fetch(at(path), 'refs/heads/main', call)
    expect(said).toContain(`refs/fairway/deployed/shop named ${gone}, which is no longer there: removed`)
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toBeUndefined()
    expect(await bench.git.deployed(path, 'shop')).toBeUndefined()
  })
})

test('F15: a whole clone that has lost its base gets it back, and stays whole', async () => {
  const path = bench.play.clone(origin)
  const other = origin.commit({ c: '1' }, 'other')
  writeFiles(path, { '.git/refs/fairway/deployed/shop': `${other}\n` })
  expect((await bench.git.fetchNamed(at(path), 'main')).ref).toBe('refs/heads/main')
  expect(await bench.git.changedFiles(path, other, 'HEAD')).toEqual(['c'])
  expect([depth(path), existsSync(join(path, '.git/shallow'))]).toEqual(['3', false])
})
