import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Git } from '../../../src/executors/git.ts'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import type { Call } from '../../../src/run.ts'
import { at, gitBench } from '../../support/git-bench.ts'
import type { Files, Origin } from '../../support/repository.ts'

const bench = gitBench()

let origin: Origin
let path: string
let git: Git
beforeEach(async () => {
  ;({ origin, path } = bench.cloned({ 'web/a': '1', 'docs/a': '1' }))
  const real = bench.play.environment['PATH'] ?? ''
  const log = bench.play.path('log')
  // A git that writes down which of its commands it was started for.
  const program = `#!/bin/sh\nfor word; do case $last$word in -c*) last=;; *=*) last=;; *) case $word in -c) last=-c;; *) echo "$word" >> '${log}'; break;; esac;; esac; done\nPATH='${real}' exec git "$@"\n`
  const bin = bench.play.path('bin')
  bench.play.git(bench.play.directory, 'init', '--quiet', 'bin')
  writeFileSync(`${bin}/git`, program)
  chmodSync(`${bin}/git`, 0o755)
  git = simpleGit({ environment: { ...bench.play.environment, PATH: `${bin}${delimiter}${real}` } })
  await deploy({ 'docs/a': '2' })
})

/** Commands that git was started for since the last time. */
function started(): readonly string[] {
  const log = bench.play.path('log')
  const names = readFileSync(log, 'utf8').split('\n').filter(Boolean)
  rmSync(log)
  return names
}

/** All that a deployment asks of git, in the way that it does. */
async function deploy(files: Files): Promise<readonly string[]> {
  const after = origin.commit(files)
  const call: Call = { memory: new Map() }
  const { commit: before = '' } = (await git.head(path, call)) ?? {}
  await git.holds(path, 'shop', call)
  const { commit } = await git.fetch(at(path), 'refs/heads/main', call)
  expect(commit).toBe(after)
  expect(await git.messages(path, before, commit, call)).toHaveLength(1)
  expect(await git.advance(at(path), 'main', commit, call)).toBe(true)
  expect(await git.describe(path, commit, call)).toMatchObject({ subject: 'change' })
  expect(await git.changedFiles(path, before, commit, call)).toEqual(Object.keys(files))
  const found = await git.contents(path, commit, ['web'], { edits: true }, call)
  expect(found.get('web')).toEqual({ tree: bench.play.git(path, 'rev-parse', 'HEAD:web'), beside: [] })
  const state = { services: {}, unsettled: [], commit }
  await git.recordDeployed(path, 'shop', state, call)
  expect([await git.deployed(path, 'shop', call), await git.readState(path, 'shop', call)]).toEqual([
    commit,
    state,
  ])
  expect([bench.status(path), bench.play.git(path, 'rev-parse', 'HEAD')]).toEqual(['', commit])
  return started()
}

describe('for a deployment of a plain checkout', () => {
  test('git is started to fetch and to check out alone, once its configuration is known', async () => {
    const commands = await deploy({ 'docs/a': '3' })
    // Its configuration is as young as the clone.
    expect(commands.filter((name) => name !== 'config')).toEqual(['fetch', 'checkout'])
    expect(await deploy({ 'web/a': '3' })).toEqual(expect.arrayContaining(['fetch', 'checkout']))
  })

  test('all of it is answered as before where everything lies in packs', async () => {
    bench.play.git(path, 'gc', '--quiet')
    expect(await deploy({ 'docs/a': '3' })).toEqual(
      expect.arrayContaining(['rev-parse', 'status', 'diff-tree']),
    )
  })
})
