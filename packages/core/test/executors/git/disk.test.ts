import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pullAndDecide } from '../../support/deploy-bench.ts'
import { at, gitBench, text } from '../../support/git-bench.ts'
import type { Origin } from '../../support/repository.ts'

const bench = gitBench()
const compose = { 'docker-compose.yml': 'services: {}\n' }

let disk: string
let origin: Origin
let path: string
beforeEach(() => {
  disk = bench.play.path('disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'fairway-test', disk])
  origin = bench.play.origin()
  origin.commit({ ...compose, a: '1', big: 'small' })
  path = bench.play.clone(origin, 'disk/shop')
})
afterEach(() => execFileSync('umount', [disk]))

/** Takes all the space but this much. */
function fill(kilobytes: number): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(bavail * bsize - kilobytes * 1024, 0)))
}

const tip = (): string => origin.git('rev-parse', 'main')
/** Content that git can't make smaller. */
const noise = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => Math.random() * 256))

test.for([
  ['while it is fetched', 100],
  ['while the tree is moved', 1_900],
  ['before anything can be written', 0],
])(
  'F8: a disk that is full %s is said, and with room again the next deploy serves what was pushed',
  async ([, room]) => {
    origin.commit({ a: '2', big: noise(1_000_000), more: noise(500_000) })
    fill(Number(room))
    const { error } = await pullAndDecide(bench.git, path)
    expect(error).toMatchObject({
      code: 'git_failed',
      message: expect.stringMatching(
        /: No space left on the disk of .*\/disk\/shop, \d+\.\d MB free$/,
      ) as string,
      hint: expect.stringContaining('Make room there') as string,
    })
    const files = readdirSync(join(path, '.git/objects'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((name) => name.includes('tmp_'))).toEqual([])
    rmSync(join(disk, 'filler'))
    expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
    expect([bench.play.git(path, 'rev-parse', 'HEAD'), text(path, 'a'), bench.status(path)]).toEqual([
      tip(),
      '2',
      '',
    ])
    expect(bench.play.git(path, 'for-each-ref', 'refs/fairway')).toBe('')
  },
)

test('F10: a read-only checkout is said with its path, and writable again it is deployed', async () => {
  origin.commit({ a: '2' })
  execFileSync('mount', ['-o', 'remount,ro', disk])
  const { error } = await pullAndDecide(bench.git, path)
  expect(error).toMatchObject({
    code: 'git_failed',
    message: `Cannot fetch refs/heads/main into ${path}: the file system of ${path} is read-only`,
    hint: expect.stringContaining(`findmnt -T ${path}`) as string,
  })
  const creating = bench.git.create({ ...at(join(disk, 'new')), url: origin.path })
  await expect(creating).rejects.toMatchObject({
    message: `Cannot make a checkout in ${join(disk, 'new')}: the file system of ${join(disk, 'new')} is read-only`,
  })
  execFileSync('mount', ['-o', 'remount,rw', disk])
  expect((await pullAndDecide(bench.git, path)).error).toBeUndefined()
  expect(text(path, 'a')).toBe('2')
})
