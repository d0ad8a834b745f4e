import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Pull } from '../../src/domain/pull.ts'
import type { Push } from '../../src/domain/push.ts'
import type { Git } from '../../src/executors/git.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { type Origin, type Playground, playground, writeFiles } from '../support/repository.ts'

let play: Playground
let origin: Origin
let git: Git
let path: string
/** The commit that is deployed. */
let base: string
let asked: string[]
beforeEach(async () => {
  play = playground()
  origin = play.origin()
  base = origin.commit({ 'src/a': '1', 'docs/a.md': '1', 'README.md': '1' })
  path = play.clone(origin)
  asked = []
  const real = simpleGit({ environment: play.environment })
  git = {
    ...real,
    messages(...given) {
      asked.push('messages')
      return real.messages(...given)
    },
    changedFiles(...given) {
      asked.push('changedFiles')
      return real.changedFiles(...given)
    },
  }
  await deployed(base)
})
afterEach(() => play.remove())

const deployed = (commit: string): Promise<void> =>
  git.recordDeployed(path, 'shop', { commit, services: {}, unsettled: [] })

const src: Partial<AppOptions> = { paths: ['src/**', '!src/docs/**'] }

async function pull(
  push: Partial<Push>,
  options: Partial<AppOptions> = {},
): Promise<Outcome<{ pull: Pull }> & { log: readonly string[] }> {
  const log: string[] = []
  const write = (message: string): void => void log.push(message)
  const app = defineApp({ name: 'shop', repository: 'ada/shop', path, ...options })
  const outcome = await pipeline<{ app: typeof app; push: Push }>()
    .use(gitPull({ git, clock: fakeClock() }))
    .run(
      { app, push: { repository: 'ada/shop', ref: 'refs/heads/main', pusher: 'ada', ...push } },
      { log: { debug: write, info: write, warn: write, error: write } },
    )
  return { ...outcome, log }
}

/** All that a deployment would change: the branch, the index, the tree, and refs other than those of the remote. */
function state(): readonly string[] {
  const refs = play.git(path, 'for-each-ref', '--format=%(refname) %(objectname)')
  return [
    refs.replaceAll(/^refs\/remotes\/.*\n?/gm, ''),
    readFileSync(join(path, '.git/index')).toString('base64'),
    play.git(path, 'status', '--porcelain', '--branch', '--ignored').replace(/ \[behind.*/, ''),
    readFileSync(join(path, 'src/a'), 'utf8'),
  ]
}

const says = (message: string): string => origin.commit({ 'src/a': `${Math.random()}` }, 'main', message)
const short = (commit: string): string => commit.slice(0, 7)
const skipped = (reason: string, commit: string) => ({ status: 'skipped', step: 'gitPull', reason, commit })
const succeeded = (after: string, more: Partial<Pull> = {}) => ({
  status: 'success',
  ctx: { pull: { after, ...more } },
})

describe('what a commit says', () => {
  test.each([
    ['Fix [skip ci]', '[skip ci]'],
    ['[Skip Deploy] Fix', '[skip deploy]'],
    ['Fix\n\nWhy.\n\ndeploy: skip\nSigned-off-by: Ada', 'Deploy: skip'],
  ])('%j is skipped, and nothing is touched', async (message, words) => {
    const before = state()
    const after = says(message)
    expect(await pull({ before: base, after })).toMatchObject(skipped(`${short(after)} says ${words}`, after))
    expect(state()).toEqual(before)
    expect(await git.deployed(path, 'shop')).toBe(base)
  })

  test('a skip is for its own push: the next one deploys both', async () => {
    const first = says('One [skip ci]')
    expect(await pull({ before: base, after: first })).toMatchObject({ status: 'skipped' })
    const second = says('Two')
    expect(await pull({ before: first, after: second })).toMatchObject(succeeded(second, { before: base }))
  })

  test('a push that came before one that is skipped is deployed, with it, and then that one is skipped', async () => {
    const first = says('One')
    const second = says('Two [skip ci]')
    expect(await pull({ before: base, after: first })).toMatchObject(succeeded(second))
    await deployed(second)
    expect(await pull({ before: first, after: second })).toMatchObject(
      skipped(`${short(second)} says [skip ci]`, second),
    )
  })

  test('of 30 commits the newest that says something decides', async () => {
    const messages = (index: number): string => {
      if (index === 5) return 'Five [skip ci]'
      return index === 20 ? 'Twenty\n\nDeploy: rebuild=api,web' : `Number ${index}`
    }
    const commits = Array.from({ length: 30 }, (_, index) => says(messages(index)))
    const [tenth = '', last = ''] = [commits[10], commits[29]]
    const all = await pull({ before: base, after: last })
    expect(all).toMatchObject(succeeded(last, { rebuild: ['api', 'web'] }))
    expect(all.log).toContain(`${short(commits[20] ?? '')} says Deploy: rebuild=api,web.`)
    expect(await pull({ before: base, after: tenth })).toMatchObject(
      skipped(`${short(commits[5] ?? '')} says [skip ci]`, tenth),
    )
  })

  test('a rebuild is asked for until a deployment succeeds', async () => {
    const first = says('One\n\nDeploy: rebuild')
    expect(await pull({ before: base, after: first })).toMatchObject(succeeded(first, { rebuild: 'all' }))
    // It failed after that, and so the base stays.
    const second = says('Two')
    expect(await pull({ before: first, after: second })).toMatchObject(succeeded(second, { rebuild: 'all' }))
    await deployed(second)
    const third = says('Three')
    const { ctx } = await pull({ before: second, after: third })
    expect(ctx.pull).not.toHaveProperty('rebuild')
  })

  test('a rebuild that a later push asks for counts, as that is what is deployed', async () => {
    const first = says('One')
    const second = says('Two\n\nDeploy: rebuild=api')
    expect(await pull({ before: base, after: first })).toMatchObject(succeeded(second, { rebuild: ['api'] }))
  })

  test('a merge brings what its branch says', async () => {
    origin.commit({ 'src/b': '1' }, 'feature', 'Feature\n\nDeploy: rebuild=web')
    const work = play.path('origin-work')
    play.git(work, 'checkout', '--quiet', 'main')
    play.git(work, 'merge', '--quiet', '--no-ff', '--message', 'Merge', 'feature')
    const merge = play.git(work, 'rev-parse', 'HEAD')
    play.git(work, 'push', '--quiet', origin.path, 'HEAD:refs/heads/main')
    expect(await pull({ before: base, after: merge })).toMatchObject(succeeded(merge, { rebuild: ['web'] }))
  })

  test('a merge that says skip is skipped, whatever its branch says', async () => {
    origin.commit({ 'src/b': '1' }, 'feature', 'Feature\n\nDeploy: rebuild=web')
    const work = play.path('origin-work')
    play.git(work, 'checkout', '--quiet', 'main')
    play.git(work, 'merge', '--quiet', '--no-ff', '--message', 'Merge [skip deploy]', 'feature')
    const merge = play.git(work, 'rev-parse', 'HEAD')
    play.git(work, 'push', '--quiet', origin.path, 'HEAD:refs/heads/main')
    const reason = `${short(merge)} says [skip deploy]`
    expect(await pull({ before: base, after: merge })).toMatchObject(skipped(reason, merge))
  })

  test('a push that does not say where it began is judged by its last commit alone', async () => {
    says('One [skip ci]')
    const second = says('Two')
    expect(await pull({ after: second })).toMatchObject(succeeded(second))
    const third = says('Three [skip ci]')
    expect(await pull({})).toMatchObject(skipped(`${short(third)} says [skip ci]`, third))
    const gone = 'f'.repeat(40)
    expect(await pull({ before: gone, after: third })).toMatchObject({ status: 'skipped' })
  })

  test('a push whose commit was taken away again is judged by what is there now', async () => {
    const gone = says('Gone [skip ci]')
    const tip = origin.rewrite({ 'src/a': 'rewritten' })
    expect(await pull({ before: base, after: gone })).toMatchObject(succeeded(tip))
  })
})

describe('a first deployment', () => {
  beforeEach(() => play.git(path, 'update-ref', '-d', 'refs/fairway/deployed/shop'))

  test('is skipped when its push says so', async () => {
    const one = says('One [skip ci]')
    const two = says('Two')
    const reason = `${short(one)} says [skip ci]`
    expect(await pull({ before: base, after: two })).toMatchObject(skipped(reason, two))
    expect(await pull({ after: two })).toMatchObject(succeeded(two))
  })

  test('is never skipped by its files', async () => {
    const after = origin.commit({ 'docs/a.md': '2' })
    expect(await pull({ before: base, after }, src)).toMatchObject(succeeded(after))
    expect(asked).not.toContain('changedFiles')
  })

  test('neither where the commit that was deployed is no longer there', async () => {
    const after = origin.commit({ 'docs/a.md': '2' })
    writeFiles(path, { '.git/refs/fairway/deployed/shop': `${'f'.repeat(40)}\n` })
    expect(await pull({ before: base, after }, src)).toMatchObject(succeeded(after))
  })
})

describe('paths', () => {
  test('skip a push that changes nothing of them, and nothing is touched', async () => {
    const before = state()
    const after = origin.commit({ 'docs/a.md': '2', 'src/docs/x': '1' })
    const reason = 'no changed file matches paths (docs/a.md, src/docs/x)'
    expect(await pull({ before: base, after }, src)).toMatchObject(skipped(reason, after))
    expect(state()).toEqual(before)
    expect(await git.deployed(path, 'shop')).toBe(base)
  })

  test('count files that were moved out of them and removed', async () => {
    const after = origin.commit({ 'src/a': null, 'docs/a': '1' })
    expect(await pull({ before: base, after }, src)).toMatchObject(succeeded(after))
  })

  test('count what an earlier push brought that is not deployed, as that one failed', async () => {
    const first = origin.commit({ 'src/a': '2' })
    expect(await pull({ before: base, after: first }, src)).toMatchObject(succeeded(first))
    const second = origin.commit({ 'docs/a.md': '2' })
    expect(await pull({ before: first, after: second }, src)).toMatchObject(succeeded(second))
  })

  test('count no files of a later push, which has its own turn', async () => {
    const first = origin.commit({ 'docs/a.md': '2' })
    const second = origin.commit({ 'src/a': '2' })
    expect(await pull({ before: base, after: first }, src)).toMatchObject(
      skipped('no changed file matches paths (docs/a.md)', first),
    )
    expect(await pull({ before: first, after: second }, src)).toMatchObject(succeeded(second))
  })

  test('let a push of what is deployed already go on', async () => {
    const first = origin.commit({ 'src/a': '2' })
    const second = origin.commit({ 'docs/a.md': '2' })
    await pull({ manual: {} })
    await deployed(second)
    for (const push of [{ before: base, after: first }, { before: first, after: second }, {}]) {
      expect(await pull(push, src)).toMatchObject(succeeded(second))
    }
    expect(asked).not.toContain('changedFiles')
  })

  test('skip no push that asks for a rebuild', async () => {
    const after = origin.commit({ 'docs/a.md': '2' }, 'main', 'Docs\n\nDeploy: rebuild=api')
    expect(await pull({ before: base, after }, src)).toMatchObject(succeeded(after, { rebuild: ['api'] }))
  })
})

describe('what a person asks for', () => {
  test('is skipped by nothing, and asks for the rebuild that a commit asks for', async () => {
    origin.commit({ 'docs/a.md': '2' }, 'main', 'Docs\n\nDeploy: rebuild=api')
    const tip = origin.commit({ 'docs/a.md': '3' }, 'main', 'Docs [skip ci]')
    expect(await pull({ manual: {} }, src)).toMatchObject(succeeded(tip, { rebuild: ['api'] }))
    const { ctx } = await pull({ manual: { rebuild: true } }, src)
    expect(ctx.pull).toMatchObject({ after: tip })
  })
})

test('git is asked for no more than is needed', async () => {
  await pull({ after: base })
  await pull({ manual: {} })
  expect(asked).toEqual([])
  const after = says('One')
  await pull({ before: base, after })
  expect(asked).toEqual(['messages'])
  await pull({ before: base, after }, src)
  expect(asked).toEqual(['messages', 'messages', 'changedFiles'])
})
