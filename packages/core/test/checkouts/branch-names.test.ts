import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { type Playground, playground } from '../support/repository.ts'
import { type Delivered, deliver } from './deliver.ts'
import { takeSnapshot } from './snapshot.ts'

let play: Playground
beforeEach(() => void (play = playground()))
afterEach(() => play.remove())

const pull = (path: string, branch: string): Promise<Delivered> =>
  deliver({ environment: play.environment, clock: fakeClock() }, { path, branch })

test.each([
  ['feature', 'feature/next'],
  ['feature/next', 'feature'],
])(
  'F15: an app whose branch %s is replaced by %s: served, or refused in words until the old one goes',
  async (from, to) => {
    const origin = play.origin()
    origin.commit({ a: '1' })
    origin.commit({ a: '2' }, from)
    const path = play.clone(origin)
    expect(await pull(path, from)).toHaveProperty('pull')

    const work = play.path('origin-work')
    play.git(work, 'branch', '--move', from, 'moved')
    play.git(work, 'branch', '--move', 'moved', to)
    origin.git('branch', '--delete', '--force', from)
    const commit = origin.commit({ a: '3' }, to)
    const before = takeSnapshot(path, play)
    const delivered = await pull(path, to)
    if ('refused' in delivered) {
      expect(delivered.refused.message).toContain(`'refs/remotes/origin/${from}' exists`)
      expect(delivered.refused.hint).toContain('git remote prune origin')
      expect(takeSnapshot(path, play)).toEqual(before)
      play.git(path, 'remote', 'prune', 'origin')
      play.git(path, 'branch', '--move', from, 'old')
      expect(await pull(path, to)).toMatchObject({ pull: { after: commit } })
    }
    expect(play.git(path, 'rev-parse', 'HEAD', '--abbrev-ref', 'HEAD')).toBe(`${commit}\n${to}`)
    expect(existsSync(join(path, '.git/index.lock'))).toBe(false)
  },
)
