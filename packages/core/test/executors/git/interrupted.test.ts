import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { trackChildren } from '../../../src/run.ts'
import { at, exists, gitBench, keptRef, text, time } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('after a kill -9', () => {
  const many = (content: string, from: number, to: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: to - from }, (_, i) => [`d${(i + from) % 10}/f${i + from}`, content.repeat(200)]),
    )

  /** Kills the move as soon as it has written a file; on a busy machine git may be done first, then again from the start. */
  async function killMove(path: string, commit: string, file: string, content: string): Promise<void> {
    const before = bench.play.git(path, 'rev-parse', 'HEAD')
    for (let attempt = 0; attempt < 10; attempt++) {
      if (await isKilled(path, commit, file, content)) {
        expect(exists(join(path, '.git/index.lock'))).toBe(true)
        return
      }
      await bench.git.moveTo(at(path), 'main', before)
    }
    throw new Error('git was always done before it could be killed')
  }

  async function isKilled(path: string, commit: string, file: string, content: string): Promise<boolean> {
    const children = trackChildren()
    let groups: readonly number[] = []
    children.watch((running) => (groups = running))
    let isOver = false
    const outcome = bench.git.moveTo(at(path), 'main', commit, { children }).then(
      () => false,
      () => true,
    )
    void outcome.then(() => (isOver = true))
    while (!isOver && !beginsWith(join(path, file), content)) await nextTurn()
    for (const group of groups) killGroup(group)
    return outcome
  }

  /** It may have ended between the look and the signal. */
  function killGroup(group: number): void {
    try {
      process.kill(-group, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  /** git takes a file away before it writes it anew. */
  function beginsWith(file: string, content: string): boolean {
    try {
      return readFileSync(file, 'utf8').startsWith(content)
    } catch {
      return false
    }
  }

  test.for([
    ['d0/f0', 'new'],
    ['d8/f1208', 'new'],
  ] as const)(
    'F3: in the middle of a move of 1,500 files, at %s, the next pull gets through',
    async ([file, content]) => {
      const { origin, path } = bench.cloned({ ...many('old', 0, 1_000), same: '1' })
      const half = origin.commit({ ...many('new', 0, 1_500), same: '1' })
      await bench.git.fetch(at(path), 'refs/heads/main')
      await killMove(path, half, file, content)
      writeFiles(path, { mine: '1', 'd1/.env': '1' })

      origin.commit({ d3: null, d8: null, added: '1' })
      const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
      expect(await bench.git.keepEdits(path, time)).toBeUndefined()
      expect(await bench.git.inTheWay(path, commit)).toEqual([])
      await bench.git.moveTo(at(path), 'main', commit)
      expect(bench.status(path)).toBe('?? d1/.env\n?? mine')
      expect(text(path, 'd0/f1490')).toBe('new'.repeat(200))
      expect(bench.play.git(path, 'for-each-ref', 'refs/fairway')).toBe('')
    },
  )

  test('F3: what people changed since then is still theirs', async () => {
    const { origin, path } = bench.cloned({ edited: 'old', same: '1' })
    const half = origin.commit({ edited: 'new', 'new/cut': 'ünicode', 'new/whole': '1', 'new/theirs': '1' })
    await bench.git.fetch(at(path), 'refs/heads/main')
    bench.play.git(path, 'update-ref', 'refs/fairway/moving', half)
    writeFiles(path, { edited: 'mine', 'new/cut': '', 'new/whole': '1', 'new/theirs': 'mine' })
    writeFileSync(join(path, 'new/cut'), Buffer.from('ünicode').subarray(0, 1))
    expect(await bench.git.inTheWay(path, half)).toEqual(['new/theirs'])
    expect(await bench.git.keepEdits(path, time)).toEqual({ ref: keptRef, files: ['edited'] })
    const next = origin.commit({ new: null })
    expect(await bench.inTheWay(path)).toEqual([])
    await bench.git.moveTo(at(path), 'main', next)
    expect(bench.status(path)).toBe('?? new/')
    expect(readdirSync(join(path, 'new'))).toEqual(['theirs'])
    expect(text(path, 'new/theirs')).toBe('mine')
  })

  test("F3: a folder that was to replace a file, and never came to it, is in nobody's way", async () => {
    const { origin, path } = bench.cloned({ app: 'a file', a: '1' })
    origin.commit({ app: null })
    const half = origin.commit({ 'app/main': '1', a: '2' })
    await bench.git.fetch(at(path), 'refs/heads/main')
    bench.play.git(path, 'update-ref', 'refs/fairway/moving', half)
    writeFiles(path, { a: '2' })
    expect(await bench.pull(path)).toBe(half)
    expect([text(path, 'app/main'), bench.status(path)]).toEqual(['1', ''])
  })

  test('F3: a file whose line endings git converted is known as its own, whole and cut off', async () => {
    const attributes = { '.gitattributes': '*.bat text eol=crlf\n' }
    const { origin, path } = bench.cloned({ ...attributes, 'old.bat': 'rem old\n' })
    const half = origin.commit({ 'old.bat': 'rem new\n', 'whole.bat': 'a\nb\n', 'cut.bat': 'a\nb\n' })
    await bench.git.fetch(at(path), 'refs/heads/main')
    bench.play.git(path, 'update-ref', 'refs/fairway/moving', half)
    writeFiles(path, { 'old.bat': 'rem new\r\n', 'whole.bat': 'a\r\nb\r\n', 'cut.bat': 'a\r' })
    expect(await bench.git.keepEdits(path, time)).toBeUndefined()
    expect(await bench.git.inTheWay(path, half)).toEqual([])
    const next = origin.commit({ 'whole.bat': null, 'cut.bat': null })
    expect(await bench.inTheWay(path)).toEqual([])
    await bench.git.moveTo(at(path), 'main', next)
    expect(readdirSync(path).toSorted()).toEqual(['.git', '.gitattributes', 'old.bat'])
  })
})
