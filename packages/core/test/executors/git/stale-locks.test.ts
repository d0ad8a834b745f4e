import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { at, gitBench, text, time } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('after a kill -9', () => {
  const locks = [
    'index',
    'HEAD',
    'refs/heads/main',
    'refs/remotes/origin/main',
    'packed-refs',
    'fairway-index',
  ]

  test.for(locks)('F4: a stale %s.lock is removed', async (name) => {
    const { origin, path } = bench.cloned()
    const commit = origin.commit({ a: '2' })
    const lock = join(path, '.git', `${name}.lock`)
    writeFileSync(lock, '')
    writeFiles(path, { a: 'mine' })
    await bench.git.fetch(at(path), 'refs/heads/main')
    await bench.git.keepEdits(path, time)
    await bench.pull(path)
    expect(await bench.git.head(path)).toEqual({ branch: 'main', commit })
    expect(existsSync(lock)).toBe(false)
  })

  test('F4: where nothing is new a stale lock goes too, and the next push gets through', async () => {
    const { origin, path } = bench.cloned()
    const lock = join(path, '.git/index.lock')
    writeFileSync(lock, '')
    utimesSync(lock, 1, 1)
    await bench.pull(path)
    expect(existsSync(lock)).toBe(false)
    const commit = origin.commit({ a: '2' })
    expect(await bench.pull(path)).toBe(commit)
    expect(text(path, 'a')).toBe('2')
  })

  test('F3: a lock that some process has open stays, and the error says what to do', async () => {
    const { origin, path } = bench.cloned()
    origin.commit({ a: '2' })
    const lock = join(path, '.git/index.lock')
    const held = openSync(lock, 'w')
    utimesSync(lock, 1, 1)
    try {
      await expect(bench.pull(path)).rejects.toMatchObject({
        code: 'git_failed',
        message: expect.stringContaining(`Unable to create '${lock}': File exists`) as string,
        hint: `Another git works there, or one that did was killed: once none runs, remove ${lock}`,
      })
    } finally {
      closeSync(held)
    }
    expect(text(path, 'a')).toBe('1')
    await bench.pull(path)
    expect(text(path, 'a')).toBe('2')
  })

  test('F3: a lock stays as long as a git works there, as while its editor is open', async () => {
    const { path } = bench.cloned()
    const lock = join(path, '.git/index.lock')
    writeFiles(path, { a: '3' })
    const editor = `sh -c 'echo > ${bench.play.path('open')}; sleep 60'`
    const person = spawn('git', ['-c', `core.editor=${editor}`, 'commit', '--all'], {
      cwd: path,
      env: {
        ...bench.play.environment,
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@b.c',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@b.c',
      },
      detached: true,
      stdio: 'ignore',
    })
    while (!existsSync(bench.play.path('open'))) await nextTurn()
    utimesSync(lock, 1, 1)
    await expect(bench.pull(path)).rejects.toMatchObject({ code: 'git_failed' })
    expect(existsSync(lock)).toBe(true)
    process.kill(-(person.pid ?? 0), 'SIGKILL')
    await once(person, 'exit')
    await bench.pull(path)
    expect(text(path, 'a')).toBe('1')
  })
})
