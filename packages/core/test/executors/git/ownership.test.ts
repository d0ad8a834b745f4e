import { chownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { foreignCheckout } from '../../../src/executors/git/ownership.ts'
import { pullAndDecide } from '../../support/deploy-bench.ts'
import { at, gitBench, text } from '../../support/git-bench.ts'

const bench = gitBench()
const other = 12_345

let path: string
beforeEach(() => {
  const cloned = bench.cloned({ 'docker-compose.yml': 'services: {}\n', a: '1' })
  path = cloned.path
  cloned.origin.commit({ a: '2' })
})

/** Gives a folder and all in it to a user. */
function give(place: string, uid: number): void {
  for (const name of readdirSync(place, { recursive: true, encoding: 'utf8' }))
    chownSync(join(place, name), uid, uid)
  chownSync(place, uid, uid)
}

describe('S38: a checkout of another user', () => {
  test('is refused in words with the command that mends it, which it does', async () => {
    give(path, other)
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toMatchObject({
      code: 'checkout_invalid',
      message: `Cannot use ${path}: it belongs to uid ${other}, and Fairway runs as root: git refuses it`,
      hint: `Run sudo chown -R root ${path}, or run Fairway as the user it belongs to`,
    })
    expect(text(path, 'a')).toBe('1')
    give(path, 0)
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect(text(path, 'a')).toBe('2')
  })

  test('whose name is known is told by it', async () => {
    // Of Debian: user and group daemon.
    give(path, 1)
    expect((await foreignCheckout(path)).message).toContain('it belongs to user daemon (uid 1), and')
  })

  test('is said where only its .git is', async () => {
    give(join(path, '.git'), other)
    await expect(bench.git.head(path)).rejects.toMatchObject({
      message: `Cannot use ${path}: its .git belongs to uid ${other}, and Fairway runs as root: git refuses it`,
    })
  })

  test('does not look like no checkout, whatever is asked', async () => {
    const commit = bench.play.git(path, 'rev-parse', 'HEAD')
    give(path, other)
    for (const ask of [
      () => bench.git.head(path),
      () => bench.git.fetch(at(path), 'refs/heads/main'),
      () => bench.git.prepare(at(path), commit),
      () => bench.git.keepEdits(path, new Date(0)),
      () => bench.git.inTheWay(path, commit),
      () => bench.git.moveTo(at(path), 'main', commit),
      () => bench.git.changedFiles(path, commit, commit),
      () => bench.git.deployed(path, 'shop'),
      () => bench.git.writeState(path, 'shop', { services: {}, unsettled: [] }),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'checkout_invalid' })
    }
  })

  test('around a folder that is none does not make it one', async () => {
    const inner = join(path, 'inner')
    give(path, other)
    await bench.git.create({ ...at(inner), url: bench.play.path('origin.git') })
    expect(await bench.git.head(inner)).not.toHaveProperty('commit')
    expect(await bench.git.head(join(path, 'a'))).toBeUndefined()
  })

  test('is never let through by a setting of ours', async () => {
    give(path, other)
    await bench.git.head(path).catch(() => {})
    const listed = bench.play.git(bench.play.directory, 'config', '--list')
    expect(listed).not.toContain('safe.directory')
  })
})
