import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { at, exists, gitBench, text } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()

describe('untracked files in the way', () => {
  test('F34: are listed, ignored and nested ones too; others are not', async () => {
    const { origin, path } = bench.cloned({ '.gitignore': '.env\n' })
    origin.commit({ '.env': 'A=1', 'api/.env': 'B=1', 'new file': '1', same: 'same' })
    writeFiles(path, {
      '.env': 'MINE=1',
      'api/.env': 'MINE=2',
      'api/other': '3',
      'new file': '2',
      same: 'same',
    })
    expect(await bench.inTheWay(path)).toEqual(['.env', 'api/.env', 'new file'])
  })

  test('are those that a folder of the push would replace, and the other way round', async () => {
    const { origin, path } = bench.cloned()
    origin.commit({ 'data/x/y': '1', notes: '1' })
    writeFiles(path, { data: 'a file', 'notes/mine': '1', 'notes/deep/er': '2' })
    expect(await bench.inTheWay(path)).toEqual(['data', 'notes/deep/er', 'notes/mine'])
  })

  test('are not tracked files and folders that the push itself turns into the other', async () => {
    const { origin, path } = bench.cloned({ file: '1', 'folder/a': '1' })
    origin.commit({ file: null })
    origin.commit({ 'file/a': '1', folder: null })
    origin.commit({ folder: '1' })
    expect(await bench.inTheWay(path)).toEqual([])
    await bench.pull(path)
    expect([text(path, 'file/a'), text(path, 'folder')]).toEqual(['1', '1'])
  })

  test('are listed too where the push turns a tracked folder that holds them into a file', async () => {
    const { origin, path } = bench.cloned({ 'folder/a': '1', '.gitignore': '.env\n' })
    origin.commit({ folder: null })
    origin.commit({ folder: '1' })
    writeFiles(path, { 'folder/.env': 'MINE=1' })
    expect(await bench.inTheWay(path)).toEqual(['folder/.env'])
  })

  test('are symbolic links of another target, a link instead of a file, a file instead of a link', async () => {
    const { origin, path } = bench.cloned()
    origin.commit({ same: { link: 'x' }, other: { link: 'x' }, link: 'x', file: { link: 'x' } })
    writeFiles(path, { same: { link: 'x' }, other: { link: 'y' }, link: { link: 'x' }, file: 'x' })
    expect(await bench.inTheWay(path)).toEqual(['file', 'link', 'other'])
  })

  test('are parents that are links leading outside, where nothing is ever written', async () => {
    const { origin, path } = bench.cloned()
    origin.commit({ 'data/x': 'pushed' })
    writeFiles(bench.play.path('outside'), { x: 'mine' })
    writeFiles(path, { data: { link: bench.play.path('outside') } })
    expect(await bench.inTheWay(path)).toEqual(['data'])
    await bench.pull(path)
    expect(text(bench.play.path('outside'), 'x')).toBe('mine')
    expect(readdirSync(bench.play.path('outside'))).toEqual(['x'])
  })

  test('a tracked link that leads outside is replaced, nothing behind it', async () => {
    writeFiles(bench.play.path('outside'), { x: 'mine' })
    const { origin, path } = bench.cloned({ data: { link: bench.play.path('outside') } })
    origin.commit({ data: null })
    origin.commit({ 'data/x': 'pushed' })
    expect(await bench.inTheWay(path)).toEqual([])
    await bench.pull(path)
    expect([text(path, 'data/x'), text(bench.play.path('outside'), 'x')]).toEqual(['pushed', 'mine'])
  })

  test.for([
    ['a folder with files instead of a tracked file', { a: null, 'a/mine': '1' }, ['a/mine']],
    ['a file instead of a tracked folder', { folder: 'mine' }, ['folder']],
    ['a link instead of a tracked folder', { folder: { link: '/srv/big' } }, ['folder']],
  ] as const)('are %s', async ([, local, expected]) => {
    const { origin, path } = bench.cloned({ a: '1', 'folder/b': '1' })
    writeFiles(path, local)
    expect(await bench.inTheWay(path)).toEqual(expected)
    origin.commit({ 'folder/c': '1', a: '2' })
    expect(await bench.inTheWay(path)).toEqual(expected)
    // Where the push has no use for the place, they stay.
    const commit = origin.commit({ a: null, folder: null })
    expect(await bench.inTheWay(path)).toEqual([])
    await bench.git.moveTo(at(path), 'main', commit)
    expect(exists(join(path, expected[0]))).toBe(true)
  })

  test('have their odd names', async () => {
    const names = ['-dash', 'line\nbreak', 'quo"te', ':(glob)x', 'ümläut', '[a]']
    const { origin, path } = bench.cloned()
    origin.commit(Object.fromEntries(names.map((name) => [name, '1'])))
    writeFiles(path, Object.fromEntries(names.map((name) => [name, '2'])))
    expect(await bench.inTheWay(path)).toEqual(names.toSorted())
  })

  test('F34: are found also where their names are no UTF-8', async () => {
    const { origin, path } = bench.cloned()
    const latin = (directory: string, ...names: readonly string[]): Buffer =>
      Buffer.from([directory, ...names].join('/'), 'latin1')
    mkdirSync(latin(bench.play.path('origin-work'), 'b\u00fccher'))
    for (const names of [['\u00e4'], ['b\u00fccher', 'a']] as const) {
      writeFileSync(latin(bench.play.path('origin-work'), ...names), 'pushed')
    }
    const commit = origin.commit({ a: '2' })
    mkdirSync(latin(path, 'b\u00fccher'))
    writeFileSync(latin(path, '\u00e4'), 'mine')
    writeFileSync(latin(path, 'b\u00fccher', 'a'), 'mine')
    expect(await bench.inTheWay(path)).toHaveLength(2)
    expect(readFileSync(latin(path, '\u00e4'), 'utf8')).toBe('mine')
    rmSync(latin(path, '\u00e4'))
    rmSync(latin(path, 'b\u00fccher', 'a'))
    expect(await bench.git.inTheWay(path, commit)).toEqual([])
    await bench.pull(path)
    expect(readFileSync(latin(path, 'b\u00fccher', 'a'), 'utf8')).toBe('pushed')
  })

  test('are found before the first commit', async () => {
    const origin = bench.play.origin()
    const commit = origin.commit({ '.env': 'A=1', a: '1' })
    const path = bench.play.path('shop')
    await bench.git.create({ ...at(path), url: origin.path })
    await bench.git.fetch(at(path), 'refs/heads/main')
    writeFiles(path, { '.env': 'MINE=1' })
    expect(await bench.git.inTheWay(path, commit)).toEqual(['.env'])
  })
})
