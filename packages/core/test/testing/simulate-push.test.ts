import { expect, test } from 'vitest'
import type { App } from '../../src/domain/app.ts'
import type { Push } from '../../src/domain/push.ts'
import { pipeline } from '../../src/pipeline.ts'
import { composeUp } from '../../src/steps/compose-up.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { skip } from '../../src/step.ts'
import { lockCheckout } from '../../src/steps/lock-checkout.ts'
import { recordDeployed } from '../../src/steps/record-deployed.ts'
import { shouldRebuild } from '../../src/steps/should-rebuild.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import type { FakeWorld } from '../../src/testing/fake-world.ts'
import { simulatePush } from '../../src/testing/simulate-push.ts'

const deploy = (world: FakeWorld) =>
  pipeline<{ app: App; push: Push }>()
    .use(lockCheckout(world))
    .use(gitPull(world))
    .use(shouldRebuild(world))
    .use(composeUp(world))
    .use(waitHealthy(world))
    .use(recordDeployed(world))

const before = {
  'compose.yaml':
    'services: { web: { build: web }, api: { build: { context: api } }, db: { image: postgres } }',
  'web/page': 'one',
  'api/main.py': 'one',
}

test('the first push clones and builds everything', async () => {
  const { outcome, calls } = await simulatePush(deploy, { after: before })
  expect(outcome).toMatchObject({ status: 'success' })
  expect(calls[0]).toBe('create /srv/app')
  expect(calls).toEqual(expect.arrayContaining(['build app web api', 'up app']))
})

test('a later one builds what changed, and says why', async () => {
  const { calls, log } = await simulatePush(deploy, { before, after: { ...before, 'api/main.py': 'two' } })
  expect(calls).toEqual(expect.arrayContaining(['build app api', 'up app']))
  expect(log).toContain('INFO Build api: api/main.py changed in build context api')
})

test('an untracked file in the way stops it before anything is touched', async () => {
  const { outcome, calls } = await simulatePush(deploy, {
    before,
    files: { '.env': 'MINE=1' },
    after: { ...before, '.env': 'THEIRS=1' },
  })
  expect(outcome).toMatchObject({ status: 'failure', error: { code: 'would_overwrite' } })
  expect(calls).toEqual(['fetch refs/heads/main'])
})

test('settings of the app count, and doubles can be made to fail', async () => {
  const { outcome } = await simulatePush(deploy, {
    before,
    after: { ...before, 'web/page': 'two' },
    app: { name: 'shop', project: 'store' },
    prepare: ({ compose }) => compose.fail('build'),
  })
  expect(outcome).toMatchObject({ status: 'failure', step: 'composeUp' })
})

test('what another branch gets is skipped', async () => {
  const push = { ref: 'refs/heads/feature' }
  const { outcome, calls } = await simulatePush(deploy, { before, after: before, push })
  expect(outcome).toMatchObject({ status: 'skipped', step: 'gitPull' })
  expect(calls).toEqual([])
})

test('a `before` that can not be deployed is a mistake in the test; one without a Compose file is none', async () => {
  const broken = { 'compose.yaml': 'nothing: here' }
  await expect(simulatePush(deploy, { before: broken, after: before })).rejects.toThrow(
    '`before` could not be deployed',
  )
  const pull = (world: FakeWorld) => pipeline<{ app: App; push: Push }>().use(gitPull(world))
  const { outcome } = await simulatePush(pull, { before: { page: '1' }, after: { page: '2' } })
  expect(outcome.status).toBe('success')
})

test('the pipeline runs once, and one that skips or fails is as good as any', async () => {
  let runs = 0
  const skipping = () =>
    pipeline<{ app: App; push: Push }>().use('stop', () => {
      runs += 1
      return skip('today')
    })
  const { outcome } = await simulatePush(skipping, { before, after: before })
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'today' })
  expect(runs).toBe(1)
})
