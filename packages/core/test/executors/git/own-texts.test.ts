import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type OwnTexts, ownTexts } from '../../../src/executors/git/own-texts.ts'
import { gitBench } from '../../support/git-bench.ts'
import { type Spied, spiedGit } from '../../support/spied-reader.ts'

const bench = gitBench()
const ref = 'refs/fairway/state/shop'

let path: string
let spied: Spied
let texts: OwnTexts
beforeEach(() => {
  ;({ path } = bench.cloned())
  spied = spiedGit(bench.play.environment)
  texts = ownTexts(spied.run, spied.read)
})

const git = (...args: readonly string[]): string => bench.play.git(path, ...args)
const store = (text: string): Promise<string> => texts.store(path, text, 'Cannot store a text')
const place = (id: string): string => join(path, '.git/objects', id.slice(0, 2), id.slice(2))

describe('a text', () => {
  test.for(['', 'one\n', 'ümläut and 🚀\n\n', 'x'.repeat(100_000)])(
    'is stored as git would store it: %#',
    async (text) => {
      const id = await store(text)
      expect(git('cat-file', 'blob', id)).toBe(text.replace(/\n$/, ''))
      expect(git('cat-file', '-s', id)).toBe(`${Buffer.byteLength(text)}`)
      expect(() => git('fsck', '--strict')).not.toThrow()
      expect(spied.asked).toEqual(['config'])
    },
  )

  test('that is there already is stored again without harm', async () => {
    expect(await store('same')).toBe(await store('same'))
    expect(() => git('fsck', '--strict')).not.toThrow()
  })

  test('is stored by git where its objects are of another kind', async () => {
    git('config', 'core.sharedRepository', 'group')
    expect(git('cat-file', 'blob', await store('shared'))).toBe('shared')
    expect(spied.asked).toEqual(['config', 'hash-object'])
  })

  test('that was written or read once is asked for no more, until the ref names another', async () => {
    git('update-ref', ref, await store('one'))
    expect(await texts.read(path, ref)).toBe('one')
    expect(spied.asked).not.toContain('cat-file')

    const young = ownTexts(spied.run, spied.read)
    expect([await young.read(path, ref), await young.read(path, ref)]).toEqual(['one', 'one'])
    expect(spied.asked.filter((name) => name === 'cat-file')).toHaveLength(1)
    git('update-ref', ref, await store('two'))
    expect(await young.read(path, ref)).toBe('two')
  })

  test('that nothing names, is gone, or is none, is none', async () => {
    expect(await texts.read(path, ref)).toBeUndefined()
    git('update-ref', ref, 'HEAD')
    expect(await texts.read(path, ref)).toBeUndefined()
    const id = await store('gone')
    git('update-ref', ref, id)
    rmSync(place(id))
    expect(await ownTexts(spied.run, spied.read).read(path, ref)).toBeUndefined()
  })

  test('long unused is forgotten, and read again', async () => {
    git('update-ref', ref, await store('first'))
    for (let count = 0; count < 256; count++) await store(`${count}`)
    expect(await texts.read(path, ref)).toBe('first')
    expect(spied.asked).toContain('cat-file')
  })
})
