import { chmodSync, existsSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pullAndDecide } from '../../support/deploy-bench.ts'
import { at, gitBench, text, time } from '../../support/git-bench.ts'
import { writeFiles } from '../../support/repository.ts'

const bench = gitBench()
const compose = { 'docker-compose.yml': 'services: {}\n' }

/** A program that leaves a mark when it is run, and passes on what it reads. */
function spy(name: string): string {
  const { play } = bench
  writeFiles(play.path('spies'), { [name]: `#!/bin/sh\necho "$0 $@" >> ${play.path('ran')}\nexec cat\n` })
  chmodSync(play.path('spies', name), 0o755)
  return play.path('spies', name)
}

/** What the spies left; empty where none was run. */
function ran(): string {
  return existsSync(bench.play.path('ran')) ? readFileSync(bench.play.path('ran'), 'utf8') : ''
}

/** Makes git compare the content of these files again and again, as if they had been written together with the index. */
function makeDoubtful(path: string, ...files: readonly string[]): void {
  for (const file of files) utimesSync(join(path, file), 4e9, 4e9)
  bench.play.git(path, 'update-index', '--refresh')
}

const hooks = ['post-checkout', 'post-merge', 'reference-transaction', 'post-index-change', 'pre-auto-gc']

describe('S14, S15: nothing that a checkout brings is run', () => {
  test('no hook, filter, text conversion or monitor, during a whole deploy', async () => {
    const { origin, path } = bench.cloned({ ...compose, a: '1', b: '1', gone: '1' })
    for (const name of hooks) writeFiles(path, { [`.git/hooks/${name}`]: readFileSync(spy(name), 'utf8') })
    for (const name of hooks) chmodSync(join(path, '.git/hooks', name), 0o755)
    const settings = {
      'core.fsmonitor': spy('monitor'),
      'filter.one.clean': `${spy('clean')} %f`,
      'filter.one.smudge': `${spy('smudge')} %f`,
      'filter.one.required': 'true',
      'filter.two.process': spy('process'),
      'filter.a=b.c.clean': spy('equals'),
      'filter..clean': spy('empty'),
      'diff.one.textconv': spy('textconv'),
      'diff.one.command': spy('command'),
      'diff.external': spy('external'),
      'alias.lfs': `!${spy('alias')}`,
    }
    // The checkout's own, beside the .gitattributes that a push brings.
    const attributes = 'a filter=one diff=one\nb filter=two\nc filter=a=b.c\nd filter=\n'
    for (const [key, value] of Object.entries(settings)) bench.play.git(path, 'config', key, value)
    const tip = origin.commit({ a: '2', b: '2', c: '1', d: '1', gone: null })
    await bench.pull(path)
    makeDoubtful(path, 'b', 'd', 'docker-compose.yml')
    rmSync(bench.play.path('ran'), { force: true })
    writeFiles(path, { '.git/info/attributes': attributes, c: 'mine', a: 'mine' })
    await bench.git.recordDeployed(path, 'shop', { commit: tip, services: {}, unsettled: [] })
    origin.commit({ a: '3' })
    const refused = await pullAndDecide(bench.git, path)
    expect(refused.outcome).toMatchObject({ status: 'failure', error: { code: 'content_unsupported' } })
    expect(await bench.git.keepEdits(path, time)).toMatchObject({ files: ['a', 'c'] })
    expect(text(path, 'a')).toBe('mine')

    writeFiles(path, { '.git/info/attributes': 'a diff=one\n' })
    const { error, outcome } = await pullAndDecide(bench.git, path)
    expect(error).toBeUndefined()
    expect(outcome).toMatchObject({ status: 'success', ctx: { rebuild: { needed: false } } })
    expect([text(path, 'a'), text(path, 'b'), ran()]).toEqual(['3', '2', ''])
  })

  test('also by what moves the tree alone, and with configuration of the user', async () => {
    const { origin, path } = bench.cloned({ '.gitattributes': '* filter=one\n', a: '1', b: '1' })
    origin.commit({ a: '2', '.gitattributes': null })
    makeDoubtful(path, '.gitattributes', 'b')
    bench.play.git(path, 'config', '--global', 'filter.one.smudge', spy('smudge'))
    bench.play.git(path, 'config', '--global', 'filter.one.clean', spy('clean'))
    writeFiles(path, { a: 'mine' })
    const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
    await bench.git.inTheWay(path, commit)
    await bench.git.keepEdits(path, time)
    await bench.git.moveTo(at(path), 'main', commit)
    expect([text(path, 'a'), ran()]).toEqual(['2', ''])
  })

  // So that the spies above are known to be such that git would run.
  test('though git itself would run them', () => {
    const { path } = bench.cloned({ a: '1', '.gitattributes': 'a filter=one\nb filter=a=b.c\nc filter=\n' })
    bench.play.git(path, 'config', 'filter.one.smudge', spy('smudge'))
    bench.play.git(path, 'config', 'filter.a=b.c.clean', spy('equals'))
    bench.play.git(path, 'config', 'filter..clean', spy('empty'))
    writeFiles(path, { a: null, b: '1', c: '1' })
    bench.play.git(path, 'checkout', '--', 'a')
    bench.play.git(path, 'add', 'b', 'c')
    const names = ran()
      .split('\n')
      .map((line) => line.slice(line.lastIndexOf('/') + 1).trim())
    expect(names.filter((name) => name !== '')).toEqual(['smudge', 'equals', 'empty'])
  })
})

describe('S15: a filter other than that of Git LFS is refused in words', () => {
  test('and nothing is touched', async () => {
    const { origin, path } = bench.cloned(compose)
    const before = bench.play.git(path, 'rev-parse', 'HEAD')
    const commit = origin.commit({ '.gitattributes': 'secrets/** filter=git-crypt\n', 'secrets/x': '1' })
    writeFiles(path, { 'docker-compose.yml': 'mine' })
    const { outcome } = await pullAndDecide(bench.git, path)
    expect(outcome).toMatchObject({
      status: 'failure',
      step: 'gitPull',
      error: {
        code: 'content_unsupported',
        message: `Cannot deploy ${commit} into shop: secrets/x has the filter git-crypt in the attributes; Fairway runs no filters`,
      },
    })
    expect(bench.play.git(path, 'rev-parse', 'HEAD')).toBe(before)
    expect(text(path, 'docker-compose.yml')).toBe('mine')
    expect(bench.play.git(path, 'for-each-ref', 'refs/fairway')).toBe('')
    expect(existsSync(join(path, '.git/fairway-index'))).toBe(false)
  })

  test.for<[string, Record<string, string>, string | undefined]>([
    [
      'named by a macro',
      { '.gitattributes': '[attr]crypt filter=x\n*.key crypt\n' },
      'a.key and 1 more have the filter x',
    ],
    ['named in a folder', { 'b/.gitattributes': '*.key filter=x\n' }, 'b/c.key has the filter x'],
    ['named for all', { '.gitattributes': '* filter=x\n' }, '.gitattributes and 2 more have the filter x'],
    ['taken back', { '.gitattributes': '*.key filter=x\n*.key -filter\n' }, undefined],
    ['without a name', { '.gitattributes': '*.key filter\n*.key !filter\n* filter=\n' }, undefined],
    ['for no file', { '.gitattributes': '*.none filter=x\n' }, undefined],
  ])('%s', async ([, files, expected]) => {
    const { origin, path } = bench.cloned()
    origin.rewrite({ ...files, 'a.key': '1', 'b/c.key': '1' })
    const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
    const found = await bench.git.prepare(at(path), commit)
    expect(found?.problem.replace(/ in the attributes.*/, '')).toBe(expected)
  })

  test('of the commit that is to come, not of the one that is there', async () => {
    const { origin, path } = bench.cloned({ '.gitattributes': 'a filter=x\n', a: '1' })
    origin.commit({ '.gitattributes': null })
    const { commit } = await bench.git.fetch(at(path), 'refs/heads/main')
    expect(await bench.git.prepare(at(path), commit)).toBeUndefined()
    expect(await bench.git.prepare(at(path), `${commit}^`)).toMatchObject({
      problem: expect.stringContaining('a has the filter x') as string,
    })
  })

  test('also one that the machine itself gives to a file', async () => {
    const { path } = bench.cloned({ a: '1' })
    const head = bench.play.git(path, 'rev-parse', 'HEAD')
    writeFiles(path, { '.git/info/attributes': 'a filter=x\n' })
    expect(await bench.git.prepare(at(path), head)).toBeDefined()
    writeFiles(path, { '.git/info/attributes': null })
    writeFiles(bench.play.path('home'), { attributes: 'a filter=x\n' })
    bench.play.git(path, 'config', '--global', 'core.attributesFile', bench.play.path('home/attributes'))
    expect(await bench.git.prepare(at(path), head)).toBeDefined()
  })

  test('odd names are shown escaped', async () => {
    const { path } = bench.cloned({ '.gitattributes': '*.key filter=x\n', 'line\n\u001b[2J.key': '1' })
    const found = await bench.git.prepare(at(path), bench.play.git(path, 'rev-parse', 'HEAD'))
    expect(found?.problem).toContain('line\\n\\x1b[2J.key has the filter x')
  })
})
