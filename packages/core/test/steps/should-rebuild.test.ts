import { beforeEach, describe, expect, test } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Pull } from '../../src/domain/pull.ts'
import type { Push } from '../../src/domain/push.ts'
import type { Rebuild, RebuildRules } from '../../src/domain/rebuild.ts'
import type { DeployedState } from '../../src/domain/state.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { shouldRebuild } from '../../src/steps/should-rebuild.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'

const path = '/srv/shop'
const trigger = `${path}/REBUILD_TRIGGER`
const main = 'refs/heads/main'
const start = { 'web/index.html': 'one\n', 'api/main.py': 'one\n', 'README.md': 'one\n' }
const built = (name: string) => ({
  name,
  replicas: 1,
  build: { context: `${path}/${name}`, additionalContexts: [], digest: `sha256:${name}` },
})
const settled = { web: { build: 'sha256:web' }, api: { build: 'sha256:api' } }

let git: ReturnType<typeof fakeGit>
let files: ReturnType<typeof fakeFiles>
let compose: ReturnType<typeof fakeCompose>
let base: string
beforeEach(async () => {
  git = fakeGit()
  base = git.commit(main, start)
  git.checkOut(path)
  await git.recordDeployed(path, 'shop', { commit: base, services: settled, unsettled: [] })
  files = fakeFiles({ [`${path}/docker-compose.prod.yml`]: 'services: {}\n' })
  compose = fakeCompose({ services: [built('web'), built('api'), { name: 'db', replicas: 1 }] })
})

interface Decided {
  readonly rebuild: Rebuild | undefined
  readonly lines: readonly string[]
  readonly outcome: Outcome<object>
}

interface Given {
  /** Files that the push changes; default: none. */
  readonly files?: Readonly<Record<string, string>>
  readonly rules?: Partial<RebuildRules>
  readonly manual?: Push['manual']
  /** What the steps after this one do. */
  readonly later?: () => void
}

/** Pushes, and decides in a run of which this is the only step but what comes later. */
async function decide(given: Given = {}, step = shouldRebuild({ git, compose, files })): Promise<Decided> {
  const { files: pushed = {}, rules, manual, later } = given
  const app: App = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    path,
    ...(rules ? { rebuild: rules } : {}),
  })
  const after = git.commit(main, { ...start, ...pushed })
  await git.fetch({ path, timeout: 1 }, main)
  await git.moveTo({ path, timeout: 1 }, 'main', after)
  const push: Push = { repository: 'acme/shop', ref: main, pusher: 'ada', ...(manual ? { manual } : {}) }
  const pull: Pull = { after, ref: main }
  const lines: string[] = []
  const keep = (level: string) => (line: string) => void lines.push(`${level} ${line}`)
  const log = { debug: keep('DEBUG'), info: keep('INFO'), warn: keep('WARNING'), error: keep('ERROR') }
  const outcome = await pipeline<{ app: App; push: Push; pull: Pull }>()
    .use(step)
    .use('later', () => later?.())
    .run({ app, push, pull }, { log })
  return { rebuild: outcome.ctx.rebuild, lines, outcome }
}

const fail = (): never => {
  throw new Error('broken')
}
const state = (): Promise<DeployedState | undefined> => git.readState(path, 'shop')

describe('what the log says', () => {
  test('when nothing that matters changed, word for word as the seed has it', async () => {
    const { rebuild, lines } = await decide({ files: { 'README.md': 'two\n', "it's.md": '' } })
    expect(rebuild).toMatchObject({ needed: false, services: [], because: [] })
    expect(lines).toEqual([
      'INFO Checking for changes in shop to decide rebuild...',
      'INFO Checking git diff for /srv/shop...',
      `INFO Changed files in git: ['README.md', "it's.md"]`,
      'INFO No rebuild trigger files found. No rebuild required.',
    ])
  })

  test('when a trigger file changed, in whatever folder', async () => {
    const { lines } = await decide({ files: { 'deploy/conf/requirements.txt': 'flask\n' } })
    expect(lines.slice(2)).toEqual([
      "INFO Changed files in git: ['deploy/conf/requirements.txt']",
      'INFO Detected trigger file changes via git diff. Rebuild required.',
      'INFO Build web: deploy/conf/requirements.txt changed',
      'INFO Build api: deploy/conf/requirements.txt changed',
    ])
  })

  test('when one service reads what changed, which one and why', async () => {
    const { rebuild, lines } = await decide({ files: { 'web/index.html': 'two\n' } })
    expect(rebuild).toMatchObject({ needed: true, services: ['web'] })
    expect(lines.slice(3)).toEqual(['INFO Build web: web/index.html changed in build context web'])
  })

  test('when the diff fails: the error, and that everything is built', async () => {
    git.fail('changedFiles')
    const { rebuild, lines } = await decide()
    expect(rebuild?.services).toEqual(['web', 'api'])
    expect(rebuild?.because).toEqual(['what changed since the last deployment could not be read'])
    expect(lines).toContain('ERROR Git diff failed for /srv/shop: git failed to changedFiles')
  })
})

describe('everything is built', () => {
  test('before the first success', async () => {
    git.checkOut(path)
    const { rebuild } = await decide()
    expect(rebuild?.services).toEqual(['web', 'api'])
    expect(rebuild?.because[0]).toBe('shop has no successful deployment yet')
  })

  test('when the commit last deployed is gone from the checkout', async () => {
    const gone = 'f'.repeat(40)
    await git.recordDeployed(path, 'shop', { commit: gone, services: settled, unsettled: [] })
    const { rebuild } = await decide()
    expect(rebuild?.services).toEqual(['web', 'api'])
    expect(rebuild?.because).toEqual([`the commit last deployed, ${gone}, is no longer in the checkout`])
  })

  test('when a person asks for it, and only then', async () => {
    expect((await decide({ manual: {} })).rebuild?.needed).toBe(false)
    const { rebuild } = await decide({ manual: { rebuild: true } })
    expect(rebuild).toMatchObject({ services: ['web', 'api'], because: ['a rebuild was asked for'] })
  })
})

test('every push since the last success counts, not only the last one', async () => {
  git.commit(main, { ...start, 'web/deep/Dockerfile': 'FROM scratch\n' })
  const { rebuild } = await decide({
    files: { 'web/deep/Dockerfile': 'FROM scratch\n', 'README.md': 'two\n' },
  })
  expect(rebuild?.services).toEqual(['web'])
})

test('what only the mode `auto` sees is nothing to the seed’s rule alone', async () => {
  const { rebuild } = await decide({ files: { 'web/index.html': 'two\n' }, rules: { mode: 'triggers' } })
  expect(rebuild?.needed).toBe(false)
})

describe('after a deployment that did not succeed', () => {
  test('what it was to build is built again, until one succeeds', async () => {
    await decide({ files: { 'web/index.html': 'broken\n' }, later: fail })
    expect(await state()).toEqual({ commit: base, services: settled, unsettled: ['web'] })
    // Back to what is deployed: nothing differs from the base, but the image may be the broken one.
    const { rebuild } = await decide({ later: fail })
    expect(rebuild).toMatchObject({
      services: ['web'],
      because: ['a deployment that did not succeed may have replaced the image of web'],
    })
  })

  test('services of several failures add up', async () => {
    await decide({ files: { 'web/index.html': 'broken\n' }, later: fail })
    await decide({ files: { 'api/main.py': 'broken\n' }, later: fail })
    expect((await state())?.unsettled).toEqual(['web', 'api'])
  })

  test('nothing is noted where nothing was to be built', async () => {
    await decide({ files: { 'README.md': 'two\n' }, later: fail })
    expect(git.calls.filter((call) => call.startsWith('state'))).toEqual([])
  })
})

test('notes what it will build before anything is built', async () => {
  const noted: unknown[] = []
  await decide({ files: { 'web/index.html': 'two\n' }, later: () => void noted.push(git.calls.at(-1)) })
  expect(noted).toEqual(['state shop unsettled web'])
})

describe('the untracked trigger file', () => {
  beforeEach(() => files.write(trigger, '', 1_000))

  test('builds everything, and is removed once all went well', async () => {
    const meanwhile: unknown[] = []
    const { rebuild, lines } = await decide({ later: () => void meanwhile.push(...files.calls) })
    expect(rebuild).toMatchObject({ services: ['web', 'api'], because: ['REBUILD_TRIGGER is there'] })
    expect(meanwhile).toEqual([])
    expect(files.calls).toEqual([`remove ${trigger}`])
    expect(lines).toContain('INFO Detected REBUILD_TRIGGER file. Rebuild required.')
    expect(lines.at(-1)).toBe('INFO REBUILD_TRIGGER removed, as the deployment succeeded.')
  })

  test('stays when a later step fails', async () => {
    const { outcome } = await decide({ later: fail })
    expect(outcome.status).toBe('failure')
    expect(files.calls).toEqual([])
  })

  test('stays when somebody touches it again meanwhile', async () => {
    await decide({ later: () => files.write(trigger, '', 2_000) })
    expect(files.calls).toEqual([])
    expect(await files.exists(trigger)).toBe(true)
  })

  test('may be gone already', async () => {
    expect((await decide({ later: () => void files.remove(trigger) })).outcome.status).toBe('success')
    expect(files.calls).toEqual([`remove ${trigger}`])
  })

  test('has the name that the app gives it', async () => {
    files.write(`${path}/ops/build-now`, '', 1_000)
    const { lines } = await decide({ rules: { triggerFile: 'ops/build-now' } })
    expect(files.calls).toEqual([`remove ${path}/ops/build-now`])
    expect(lines).toContain('INFO Detected ops/build-now file. Rebuild required.')
  })
})

describe('a tracked trigger file', () => {
  beforeEach(() => files.write(trigger, '', 1_000))

  test('is never removed, and counts when the push adds or changes it', async () => {
    const { rebuild } = await decide({ files: { REBUILD_TRIGGER: '1\n' } })
    expect(rebuild).toMatchObject({ services: ['web', 'api'], because: ['REBUILD_TRIGGER changed'] })
    expect(files.calls).toEqual([])
  })

  test('counts for nothing while it stays as it is', async () => {
    const commit = git.commit(main, { ...start, REBUILD_TRIGGER: '1\n' })
    await git.recordDeployed(path, 'shop', { commit, services: settled, unsettled: [] })
    const { rebuild } = await decide({ files: { REBUILD_TRIGGER: '1\n' } })
    expect(rebuild?.needed).toBe(false)
    expect(files.calls).toEqual([])
  })
})

test('S4: a Compose with a known hole is warned about, once by the same step', async () => {
  const old = { ...compose, version: async () => '2.26.1' }
  const step = shouldRebuild({ git, compose: old, files })
  const warned = async () => (await decide({}, step)).lines.filter((line) => line.startsWith('WARNING'))
  expect(await warned()).toEqual([
    'WARNING Docker Compose: version 2.26.1 has CVE-2025-62725 (remote includes), fixed in 2.40.2. ' +
      'Upgrade the Compose plugin, or deploy only repositories whose Compose files you trust',
  ])
  expect(await warned()).toEqual([])
})

test('F23, S20: warns of variables without a value and of settings in .env, before it decides', async () => {
  compose.unset('TAG')
  files.write(`${path}/docker-compose.prod.yml`, 'services: { web: { image: "x:$TAG" } }\n')
  files.write(`${path}/.env`, 'COMPOSE_FILE=other.yaml\n')
  const { lines } = await decide()
  expect(lines.filter((line) => line.startsWith('WARNING'))).toEqual([
    'WARNING /srv/shop/.env sets COMPOSE_FILE, which a deployment does not take from there',
    'WARNING shop: TAG has no value in docker-compose.prod.yml; Compose takes an empty text',
  ])
})

test('S16: a trigger file in a folder that the push made a link to elsewhere is not removed there', async () => {
  files.write('/srv/blog/REBUILD_TRIGGER', '', 1_000)
  files.link(`${path}/ops`, '/srv/blog')
  const { outcome } = await decide({
    files: { ops: 'link' },
    rules: { triggerFile: 'ops/REBUILD_TRIGGER' },
  })
  expect(outcome).toMatchObject({ status: 'failure', error: { code: 'path_outside_checkout' } })
  expect(files.calls).toEqual([])
})

test.each<['compose' | 'git', string]>([
  ['compose', 'compose_invalid'],
  ['git', 'git_failed'],
])('what %s cannot read fails the step, and nothing is noted', async (which, code) => {
  if (which === 'compose') compose.define('invalid')
  else git.fail('deployed')
  const { outcome } = await decide()
  expect(outcome).toMatchObject({ status: 'failure', step: 'shouldRebuild', error: { code } })
  expect(git.calls.filter((call) => call.startsWith('state'))).toEqual([])
})
