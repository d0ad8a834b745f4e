import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Pull } from '../../src/domain/pull.ts'
import type { Push } from '../../src/domain/push.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { httpRemote, serveRepositories } from '../support/http-remote.ts'
import { type Origin, type Playground, playground, writeFiles } from '../support/repository.ts'

let play: Playground
let origin: Origin
let first: string
/** Where the app's checkout is, or shall be. */
let path: string
beforeEach(() => {
  play = playground()
  origin = play.origin()
  first = origin.commit({ a: '1', 'docker-compose.yml': 'services: {}\n' })
  path = play.path('shop')
})
afterEach(() => play.remove())

const main: Push = { repository: 'ada/shop', ref: 'refs/heads/main', pusher: 'ada' }

interface Result {
  readonly outcome: Outcome<{ pull: Pull }>
  readonly log: readonly string[]
}

async function pull(push: Partial<Push> = {}, options: Partial<AppOptions> = {}): Promise<Result> {
  const log: string[] = []
  const write =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level} - ${message}`)
  const app = defineApp({ name: 'shop', repository: 'ada/shop', path, ...options })
  const outcome = await pipeline<{ app: typeof app; push: Push }>()
    .use(gitPull({ git: simpleGit({ environment: play.environment }), clock: fakeClock() }))
    .run(
      { app, push: { ...main, ...push } },
      { log: { debug: () => {}, info: write('INFO'), warn: write('WARNING'), error: write('ERROR') } },
    )
  return { outcome, log }
}

const head = (): string => play.git(path, 'rev-parse', 'HEAD')
const text = (file: string): string => readFileSync(join(path, file), 'utf8')

describe('a push', () => {
  test('brings the checkout to the tip, in the words of the seed', async () => {
    play.clone(origin)
    const commit = origin.commit({ a: '2' })
    const { outcome, log } = await pull({ before: first, after: commit })
    expect(outcome).toMatchObject({
      status: 'success',
      ctx: { pull: { before: first, after: commit, ref: 'refs/heads/main' } },
    })
    expect(log).toEqual([
      `INFO - Pulling latest code for shop in ${path}...`,
      'INFO - Git pull successful for shop.',
      `INFO - shop: ${first} -> ${commit} (refs/heads/main)`,
    ])
    expect(text('a')).toBe('2')
  })

  test('of an older commit brings the tip nevertheless', async () => {
    play.clone(origin)
    const older = origin.commit({ a: '2' })
    const tip = origin.commit({ a: '3' })
    expect((await pull({ after: older })).outcome).toMatchObject({ ctx: { pull: { after: tip } } })
  })

  test('that brings nothing new succeeds', async () => {
    play.clone(origin)
    const { outcome } = await pull()
    expect(outcome).toMatchObject({ status: 'success', ctx: { pull: { before: first, after: first } } })
  })

  test('that rewrote history is followed', async () => {
    play.clone(origin)
    const commit = origin.rewrite({ b: '1' })
    expect((await pull()).outcome).toMatchObject({ ctx: { pull: { before: first, after: commit } } })
    expect(existsSync(join(path, 'a'))).toBe(false)
  })
})

test('F11: a remote that is down for a while is asked again, visibly', async () => {
  play.clone(origin)
  const commit = origin.commit({ a: '2' })
  const serve = serveRepositories(play.directory)
  let downFor = 2
  const remote = await httpRemote((request, response) => {
    if (downFor > 0) response.writeHead(503).end()
    else serve(request, response)
    downFor -= 1
  })
  try {
    const { outcome, log } = await pull({}, { url: `${remote.url}/origin.git` })
    expect(outcome).toMatchObject({ status: 'success', ctx: { pull: { before: first, after: commit } } })
    const host = `127.0.0.1:${remote.port}`
    const said = `WARNING - Cannot fetch refs/heads/main into ${path}: ${host} answered 503; trying again in `
    expect(log.filter((line) => line.startsWith(said)).map((line) => line.slice(-17))).toEqual([
      ' (attempt 2 of 4)',
      ' (attempt 3 of 4)',
    ])
  } finally {
    await remote.close()
  }
})

describe('the first deploy', () => {
  test('clones where a URL is given', async () => {
    const { outcome, log } = await pull({}, { url: origin.path })
    expect(outcome).toMatchObject({ status: 'success', ctx: { pull: { after: first } } })
    expect(outcome).not.toHaveProperty('ctx.pull.before')
    expect(log).toEqual([
      `INFO - Pulling latest code for shop in ${path}...`,
      `INFO - Cloning shop into ${path}...`,
      'INFO - Git pull successful for shop.',
      `INFO - shop: nothing -> ${first} (refs/heads/main)`,
    ])
    expect(play.git(path, 'status', '--porcelain', '--branch')).toBe('## main')
  })

  test('takes up a clone that was cut off', async () => {
    await simpleGit({ environment: play.environment }).create({ path, url: origin.path, timeout: 1_000 })
    expect((await pull({}, { url: origin.path })).outcome.status).toBe('success')
    expect(head()).toBe(first)
  })

  test('without a checkout and a URL says what to do', async () => {
    mkdirSync(path)
    const { outcome } = await pull()
    expect(outcome).toMatchObject({
      status: 'failure',
      step: 'gitPull',
      error: {
        code: 'checkout_missing',
        message: `Cannot deploy shop: ${path} is not the top folder of a git checkout`,
        hint: 'Clone the repository there, or set `url` of the app to have it cloned',
      },
    })
  })

  test('does not take a folder inside another checkout for one', async () => {
    play.clone(origin, 'outer')
    path = play.path('outer', 'inner')
    writeFiles(path, { x: '1' })
    origin.commit({ a: '2' })
    expect((await pull()).outcome).toMatchObject({ error: { code: 'checkout_missing' } })
    expect((await pull({}, { url: origin.path })).outcome).toMatchObject({
      error: { code: 'checkout_invalid' },
    })
    expect(play.git(play.path('outer'), 'rev-parse', 'HEAD')).toBe(first)
  })
})

describe('local work', () => {
  test('untracked and in the way stops it, and nothing is changed', async () => {
    play.clone(origin)
    const commit = origin.commit({ '.env': 'A=1', 'api/.env': 'A=1', a: '2' })
    writeFiles(path, { '.env': 'MINE=1', 'api/.env': 'MINE=2' })
    const { outcome, log } = await pull()
    expect(outcome).toMatchObject({
      status: 'failure',
      error: {
        code: 'would_overwrite',
        message: `Cannot pull ${commit} into shop: it would overwrite these untracked files: .env, api/.env`,
        hint: `Move them out of ${path}, or take them out of the repository; nothing was changed`,
      },
    })
    expect(log).toEqual([`INFO - Pulling latest code for shop in ${path}...`])
    expect([head(), text('a'), text('.env'), text('api/.env')]).toEqual([first, '1', 'MINE=1', 'MINE=2'])
  })

  test('a single one is named in words, and edits are not kept for nothing', async () => {
    play.clone(origin)
    const commit = origin.commit({ '.env': 'A=1' })
    writeFiles(path, { '.env': 'MINE=1', a: 'edited' })
    expect((await pull()).outcome).toMatchObject({
      error: { message: `Cannot pull ${commit} into shop: it would overwrite the untracked .env` },
    })
    expect([text('a'), play.git(path, 'for-each-ref', 'refs/fairway')]).toEqual(['edited', ''])
  })

  test('tracked is kept first, and the printed command brings it back', async () => {
    play.clone(origin)
    origin.commit({ b: '1' })
    writeFiles(path, { a: 'edited' })
    const { outcome, log } = await pull()
    const ref = 'refs/fairway/overwritten/20260131T120000.000Z'
    expect(outcome).toMatchObject({ status: 'success', ctx: { pull: { overwritten: ref } } })
    expect(log[1]).toBe(
      `WARNING - Tracked edits in ${path} are replaced; ${ref} keeps them: ['a']\n` +
        `Bring one back with: git -C ${path} checkout ${ref} -- FILE`,
    )
    expect(text('a')).toBe('1')
    play.git(play.directory, '-C', path, 'checkout', ref, '--', 'a')
    expect(text('a')).toBe('edited')
  })
})

describe('the followed branch', () => {
  beforeEach(() => {
    origin.commit({ a: 'other' }, 'other')
    play.clone(origin)
  })

  test.for([
    ['the configured one', 'other', 'main', 'other'],
    ['without one the one checked out', undefined, 'other', 'other'],
    ["of a detached HEAD the remote's default", undefined, undefined, 'main'],
  ] as const)('is %s', async ([, branch, checkedOut, followed]) => {
    const move = checkedOut === undefined ? ['--detach'] : [checkedOut]
    play.git(path, 'checkout', '--quiet', ...move)
    const options = branch === undefined ? {} : { branch }
    expect((await pull({ ref: `refs/heads/${followed}` }, options)).outcome.status).toBe('success')
    expect(play.git(path, 'symbolic-ref', '--short', 'HEAD')).toBe(followed)
    expect(text('a')).toBe(followed === 'main' ? '1' : 'other')
  })

  test("is the remote's default in a new clone, whatever git init calls its own", async () => {
    origin.git('symbolic-ref', 'HEAD', 'refs/heads/other')
    path = play.path('new')
    const { outcome } = await pull({ ref: 'refs/heads/other' }, { url: origin.path })
    expect(outcome).toMatchObject({ status: 'success', ctx: { pull: { ref: 'refs/heads/other' } } })
  })

  test.for([
    ['refs/heads/other', 'shop follows main, not refs/heads/other'],
    ['refs/tags/main', 'shop follows main, not refs/tags/main'],
    ['main', 'shop follows main, not main'],
    ['refs/heads/\u001b[2J', 'shop follows main, not refs/heads/\\x1b[2J'],
    ['refs/heads/--upload-pack=x', 'shop follows main, not refs/heads/--upload-pack=x'],
  ])('is not %j: skipped, and nothing is touched', async ([ref = '', reason]) => {
    origin.commit({ a: '2' })
    const { outcome, log } = await pull({ ref })
    expect(outcome).toMatchObject({ status: 'skipped', step: 'gitPull', reason })
    expect(log[0]).toBe(`INFO - Pulling latest code for shop in ${path}...`)
    expect(log.join('\n')).not.toContain('successful')
    expect([head(), text('a')]).toEqual([first, '1'])
  })

  test('that is gone from the remote is said', async () => {
    expect((await pull({ ref: 'refs/heads/gone' }, { branch: 'gone' })).outcome).toMatchObject({
      status: 'failure',
      error: { code: 'ref_not_found', hint: 'Check that the branch is still there on the remote' },
    })
    expect(head()).toBe(first)
  })
})

describe('by hand', () => {
  beforeEach(() => void play.clone(origin))

  test('deploys the followed branch, whatever the push names', async () => {
    const commit = origin.commit({ a: '2' })
    const { outcome } = await pull({ ref: '', manual: {} })
    expect(outcome).toMatchObject({ ctx: { pull: { after: commit, ref: 'refs/heads/main' } } })
  })

  test.for(['branch', 'tag', 'full SHA', 'full ref'] as const)('deploys a named %s', async (kind) => {
    const commit = origin.commit({ a: 'older' }, 'feature')
    origin.git('tag', 'v1', commit)
    const named = { branch: 'feature', tag: 'v1', 'full SHA': commit, 'full ref': 'refs/tags/v1' }[kind]
    const { outcome } = await pull({ manual: { ref: named } })
    expect(outcome).toMatchObject({ status: 'success', ctx: { pull: { before: first, after: commit } } })
    expect(text('a')).toBe('older')
    // The app still follows its branch: the next push brings it back.
    expect(play.git(path, 'symbolic-ref', '--short', 'HEAD')).toBe('main')
    expect((await pull()).outcome).toMatchObject({ ctx: { pull: { before: commit, after: first } } })
  })

  test.for(['nope', '--upload-pack=touch x'])('refuses %s', async (ref) => {
    expect((await pull({ manual: { ref } })).outcome).toMatchObject({
      status: 'failure',
      error: { code: 'ref_not_found', hint: 'Give a full ref, a branch, a tag or a full SHA' },
    })
    expect(head()).toBe(first)
  })
})
