import { beforeEach, expect, test } from 'vitest'
import { defineApp } from '../../src/domain/app.ts'
import type { Push } from '../../src/domain/push.ts'
import type { App } from '../../src/domain/app.ts'
import { pipeline } from '../../src/pipeline.ts'
import { composeUp } from '../../src/steps/compose-up.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { lockCheckout } from '../../src/steps/lock-checkout.ts'
import { recordDeployed } from '../../src/steps/record-deployed.ts'
import { shouldRebuild } from '../../src/steps/should-rebuild.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'
import { fakeFiles } from '../../src/testing/fake-files.ts'
import { fakeGit } from '../../src/testing/fake-git.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'

const path = '/srv/shop'
const push: Push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }
const app = defineApp({ name: 'shop', repository: 'acme/shop', path, branch: 'main', color: 'red' })
const build = (context: string) => ({
  context: `${path}/${context}`,
  additionalContexts: [],
  digest: `sha256:${context}`,
})

/** Doubles of everything, with a checkout of two services on disk. */
function world() {
  const git = fakeGit()
  git.commit('refs/heads/main', { 'web/index.html': 'one\n', 'api/main.py': 'one\n', 'docs/a.md': 'one\n' })
  git.checkOut(path)
  const engine = fakeEngine()
  engine.show('redshop', [fakeContainer({ service: 'web' }), fakeContainer({ service: 'api' })])
  const compose = fakeCompose({
    services: [
      { name: 'web', replicas: 1, build: build('web') },
      { name: 'api', replicas: 1, build: build('api') },
    ],
  })
  const files = fakeFiles({ [`${path}/docker-compose.prod.yml`]: 'services: {}\n' })
  return { git, engine, compose, files, locks: fakeLocks(), clock: fakeClock() }
}

let doubles: ReturnType<typeof world>
beforeEach(() => {
  doubles = world()
})

async function deploy(given: Push = push, to: App = app) {
  const lines: string[] = []
  const log = {
    debug() {},
    info: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line),
    error: (line: string) => void lines.push(line),
  }
  const outcome = await pipeline<{ push: Push; app: App }>()
    .use(lockCheckout({ ...doubles, wait: false }))
    .use(gitPull(doubles))
    .use(shouldRebuild(doubles))
    .use(composeUp({ ...doubles, wait: false }))
    .use(waitHealthy(doubles))
    .use(recordDeployed(doubles))
    .run({ push: given, app: to }, { log })
  return { outcome, lines }
}

const builds = (): readonly string[] => doubles.compose.calls.filter((call) => call.startsWith('build'))

test('a first deploy builds all and brings up, with both locks held and given back', async () => {
  const { outcome, lines } = await deploy()
  expect(outcome.status).toBe('success')
  expect(doubles.compose.calls).toEqual(['build redshop web api', 'up redshop'])
  expect(doubles.locks.calls).toEqual([
    `take checkout:${path}`,
    'take project:fake/redshop',
    'release project:fake/redshop',
    `release checkout:${path}`,
  ])
  expect(lines).toContain('🚀 Changes detected. Building and deploying shop with docker-compose.prod.yml...')
  expect(lines).toContain('Docker compose build and up successful for shop.')
  expect(lines.at(-1)).toBe('✅ Deployment task for shop finished.')
})

test('then only what changed since the last success is built, and nothing for docs', async () => {
  await deploy()
  doubles.git.commit('refs/heads/main', {
    'web/index.html': 'two\n',
    'api/main.py': 'one\n',
    'docs/a.md': 'one\n',
  })
  await deploy()
  expect(builds().at(-1)).toBe('build redshop web')
  doubles.git.commit('refs/heads/main', {
    'web/index.html': 'two\n',
    'api/main.py': 'one\n',
    'docs/a.md': 'two\n',
  })
  const { lines } = await deploy()
  expect(builds()).toHaveLength(2)
  expect(lines).toContain("Changed files in git: ['docs/a.md']")
  expect(lines).toContain(
    '✨ No significant changes. Deploying shop without rebuilding images using docker-compose.prod.yml...',
  )
})

test('what a failed deployment may have built is built again, though nothing differs from the last success', async () => {
  await deploy()
  doubles.git.commit('refs/heads/main', {
    'web/index.html': 'broken\n',
    'api/main.py': 'one\n',
    'docs/a.md': 'one\n',
  })
  doubles.compose.fail('up')
  expect((await deploy()).outcome).toMatchObject({ status: 'failure', step: 'composeUp' })
  doubles.compose.mend('up')
  doubles.git.commit('refs/heads/main', {
    'web/index.html': 'one\n',
    'api/main.py': 'one\n',
    'docs/a.md': 'one\n',
  })
  expect((await deploy()).outcome.status).toBe('success')
  expect(builds().at(-1)).toBe('build redshop web')
})

test('an untracked trigger file builds all, stays when the deployment fails and goes with its success', async () => {
  await deploy()
  doubles.files.write(`${path}/REBUILD_TRIGGER`, '')
  doubles.compose.fail('build')
  await deploy()
  expect(await doubles.files.exists(`${path}/REBUILD_TRIGGER`)).toBe(true)
  doubles.compose.mend('build')
  const { lines } = await deploy()
  expect(builds().at(-1)).toBe('build redshop web api')
  expect(await doubles.files.exists(`${path}/REBUILD_TRIGGER`)).toBe(false)
  expect(lines).toContain('Detected REBUILD_TRIGGER file. Rebuild required.')
})

test('where nothing may be built the trigger file stays', async () => {
  doubles.files.write(`${path}/REBUILD_TRIGGER`, '')
  const never = { ...app, rebuild: { ...app.rebuild, mode: 'never' as const } }
  expect((await deploy(push, never)).outcome.status).toBe('success')
  expect(builds()).toEqual([])
  expect(await doubles.files.exists(`${path}/REBUILD_TRIGGER`)).toBe(true)
})

test('DEBUG and COLOR of the checkout decide on the file and the project', async () => {
  doubles.files.write(`${path}/.env`, 'DEBUG=TRUE\nCOLOR=Blue\n')
  doubles.files.write(`${path}/docker-compose.dev.yml`, 'services: {}\n')
  doubles.engine.show('blueshop', [fakeContainer({ service: 'web' }), fakeContainer({ service: 'api' })])
  const { lines } = await deploy()
  expect(doubles.compose.calls.at(-1)).toBe('up blueshop')
  expect(lines).toContain('🚀 Changes detected. Building and deploying shop with docker-compose.dev.yml...')
})

test('a project that another holds is left alone, and the holder named', async () => {
  doubles.locks.hold('project:fake/redshop', { pid: 7, who: 'fairway serve, other' })
  const { outcome } = await deploy()
  expect(outcome).toMatchObject({
    status: 'failure',
    error: { code: 'locked', message: expect.stringContaining('fairway serve, other (pid 7)') as string },
  })
  expect(doubles.compose.calls).toEqual([])
})

test('a whole deploy, told by what it asks of the world', async () => {
  await deploy()
  const commit = doubles.git.commit('refs/heads/main', {
    'web/index.html': 'two\n',
    'api/main.py': 'one\n',
    'docs/a.md': 'one\n',
  })
  doubles.files.write(`${path}/REBUILD_TRIGGER`, '')
  const told = inOneList(doubles.git, doubles.compose, doubles.engine, doubles.locks, doubles.files)
  expect((await deploy()).outcome.status).toBe('success')
  expect(told).toEqual([
    `take checkout:${path}`,
    'fetch refs/heads/main',
    `move main ${commit}`,
    'state shop unsettled web, api',
    'take project:fake/redshop',
    'build redshop web api',
    'leftovers redshop',
    'up redshop',
    'containers redshop',
    `deployed shop ${commit}`,
    'release project:fake/redshop',
    `remove ${path}/REBUILD_TRIGGER`,
    `release checkout:${path}`,
  ])
})

/** What several doubles record from now on, in the order in which it happens. */
function inOneList(...recorders: readonly { readonly calls: readonly string[] }[]): readonly string[] {
  const list: string[] = []
  for (const { calls } of recorders) Object.assign(calls, { push: (call: string) => list.push(call) })
  return list
}
