import { expect, test } from 'vitest'
import type { App } from '../../src/domain/app.ts'
import type { Plan } from '../../src/domain/plan.ts'
import type { Push } from '../../src/domain/push.ts'
import { DeployError } from '../../src/errors.ts'
import { pipeline } from '../../src/pipeline.ts'
import { applyPlan } from '../../src/steps/apply-plan.ts'
import { buildImages } from '../../src/steps/build-images.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { lockProject } from '../../src/steps/lock-project.ts'
import { makePlan } from '../../src/steps/make-plan.ts'
import { recordDeployed } from '../../src/steps/record-deployed.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import type { FakeWorld } from '../../src/testing/fake-world.ts'
import { simulatePush } from '../../src/testing/simulate-push.ts'

const planned = (world: FakeWorld) =>
  pipeline<{ app: App; push: Push }>().use(gitPull(world)).use(lockProject(world)).use(makePlan(world))
const deploy = (world: FakeWorld) =>
  planned(world).use(applyPlan(world)).use(waitHealthy(world)).use(recordDeployed(world))

const before = {
  'compose.yaml':
    'services: { web: { build: web }, api: { build: { context: api } }, db: { image: postgres } }',
  'web/Dockerfile': 'FROM scratch',
  'web/page': 'one',
  'api/Dockerfile': 'FROM scratch',
  'api/main.py': 'one',
  'README.md': 'one',
}

const actions = (plan: Plan | undefined): readonly string[] =>
  (plan?.services ?? []).map(({ service, action }) => `${service} ${action}`)

test('a push of words alone touches nothing, and notes nothing as begun', async () => {
  const { outcome, calls, log } = await simulatePush(deploy, {
    before,
    after: { ...before, 'README.md': 'two' },
  })
  expect(outcome.status).toBe('success')
  expect(actions(outcome.ctx.plan)).toEqual(['web keep', 'api keep', 'db keep'])
  expect(calls.filter((call) => /^(?:state|up|recreate|restart|build)/.test(call))).toEqual([])
  expect(log).toContain('INFO Every service of app runs as it should; none is touched.')
})

test('a rebuild of a service that is not there is warned of, before anything is done', async () => {
  const { log } = await simulatePush(planned, {
    before,
    after: before,
    prepare: ({ git }) => void git.commit('refs/heads/main', before, { body: 'Deploy: rebuild=webb' }),
  })
  expect(log).toContain(
    'WARNING A commit asks for a rebuild of webb, which is not a service here (did you mean web?)',
  )
})

test('what is to be touched is noted before it is, and only that is brought up', async () => {
  const { outcome, calls, log } = await simulatePush(deploy, {
    before,
    after: { ...before, 'api/main.py': 'two' },
  })
  expect(outcome.status).toBe('success')
  const own = calls.filter((call) => /^(?:state|up|recreate|deployed)/.test(call))
  expect(own.slice(0, 2)).toEqual(['state app unsettled api', 'up app api'])
  expect(own.at(-1)).toMatch(/^deployed app /)
  expect(log).toContain('INFO api: build: api/main.py changed in build context api')
  expect(log).toContain('INFO Docker compose build and up successful for app.')
})

test('what is to be touched is noted beside the build; nothing is touched where that fails', async () => {
  const built = Promise.withResolvers<void>()
  const refusing = (world: FakeWorld) => {
    const engine = {
      ...world.engine,
      async build(...given: Parameters<FakeWorld['engine']['build']>) {
        const isBuilt = await world.engine.build(...given)
        built.resolve()
        return isBuilt
      },
    }
    const git = {
      ...world.git,
      async writeState() {
        await built.promise
        throw new DeployError('git_failed', 'the disk is full')
      },
    }
    return planned(world).use(applyPlan({ ...world, engine, git }))
  }
  const { outcome, calls } = await simulatePush(refusing, {
    before,
    after: { ...before, 'api/main.py': 'two' },
  })
  expect(outcome).toMatchObject({ status: 'failure', error: { message: 'the disk is full' } })
  expect(calls.filter((call) => /^(?:up|recreate|state)/.test(call))).toEqual([])
})

test('making a plan changes nothing', async () => {
  const { outcome, calls } = await simulatePush(planned, {
    before,
    after: { ...before, 'api/main.py': 'two' },
  })
  expect(actions(outcome.ctx.plan)).toEqual(['web keep', 'api build', 'db keep'])
  expect(calls.filter((call) => !/^(?:fetch|move)/.test(call))).toEqual([])
})

test('between building and bringing up there is room for a step, and nothing is built twice', async () => {
  const order: string[] = []
  let engine: FakeWorld['engine'] | undefined
  const { outcome } = await simulatePush(
    (world) => {
      ;({ engine } = world)
      return planned(world)
        .use(buildImages(world))
        .use('migrate', () => void order.push(...world.compose.calls.slice(seen)))
        .use(applyPlan(world))
    },
    {
      before,
      after: { ...before, 'api/main.py': 'two' },
      prepare: ({ compose }) => void (seen = compose.calls.length),
    },
  )
  expect(outcome.status).toBe('success')
  expect(order).toEqual([])
  // Once for the first deployment, once for this one.
  expect(engine?.calls.filter((call) => call === 'build api')).toHaveLength(2)
})
let seen = 0

test('an engine that is away for a while is waited for; one that stays away fails the plan', async () => {
  const patient = (patience: number) => (world: FakeWorld) =>
    pipeline<{ app: App; push: Push }>()
      .use(gitPull(world))
      .use(lockProject(world))
      .use(makePlan({ ...world, patience }))
  const away = ({ engine }: FakeWorld): void => engine.show('app', 'unavailable', [])
  const back = await simulatePush(patient(60_000), { before, after: before, prepare: away })
  expect(back.outcome.status).toBe('success')
  const gone = await simulatePush(patient(0), { before, after: before, prepare: away })
  expect(gone.outcome).toMatchObject({
    status: 'failure',
    step: 'makePlan',
    error: { code: 'docker_unavailable' },
  })
})

test('what fails to come up stays noted, so that the next deployment makes it anew', async () => {
  let world: FakeWorld | undefined
  await simulatePush(
    (given) => {
      world = given
      return deploy(given)
    },
    {
      before,
      after: { ...before, 'api/main.py': 'two' },
      prepare: ({ compose }) => compose.fail('up', new DeployError('compose_failed', 'port is taken')),
    },
  )
  expect((await world?.git.readState('/srv/app', 'app'))?.unsettled).toEqual(['api'])
})
