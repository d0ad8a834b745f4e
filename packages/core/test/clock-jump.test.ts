import { expect, test } from 'vitest'
import { type App, defineApp } from '../src/domain/app.ts'
import type { Push } from '../src/domain/push.ts'
import { DeployError } from '../src/errors.ts'
import type { Clock } from '../src/executors/clock.ts'
import { pipeline, type RunEvent } from '../src/pipeline.ts'
import { composeUp } from '../src/steps/compose-up.ts'
import { gitPull } from '../src/steps/git-pull.ts'
import { lockCheckout } from '../src/steps/lock-checkout.ts'
import { recordDeployed } from '../src/steps/record-deployed.ts'
import { shouldRebuild } from '../src/steps/should-rebuild.ts'
import { waitHealthy } from '../src/steps/wait-healthy.ts'
import { fakeContainer } from '../src/testing/fake-engine.ts'
import { type FakeWorld, fakeWorld } from '../src/testing/fake-world.ts'

const path = '/srv/shop'
const hour = 3_600_000

/** A machine whose wall clock is set anew at every look at it, an hour to and fro. */
function jumping(by: number) {
  const world = fakeWorld({ path })
  world.git.commit('refs/heads/main', { 'docker-compose.yml': 'services: { web: { build: . } }\n' })
  world.git.checkOut(path)
  let looks = 0
  const now = (): Date => new Date(world.clock.now().getTime() + (looks++ % 2) * by)
  return { world, clock: { ...world.clock, now } }
}

async function deploy(world: FakeWorld, clock: Clock, patience = 300_000) {
  const app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    path,
    branch: 'main',
    rollout: { settle: 1_000, healthTimeout: 10_000 },
  })
  const push: Push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }
  const durations = new Map<string, number>()
  const observe = (event: RunEvent): void => {
    if (event.type === 'step-ended') durations.set(event.step, event.durationMs)
  }
  const options = { ...world, clock, patience, random: () => 0.5 }
  const outcome = await pipeline<{ app: App; push: Push }>()
    .use(lockCheckout(options))
    .use(gitPull(options))
    .use(shouldRebuild(options))
    .use(composeUp(options))
    .use(waitHealthy(options))
    .use(recordDeployed(options))
    .run({ app, push }, { clock, observe })
  return { outcome, durations }
}

const jumps = [-hour, hour]

test.each(jumps)(
  'F29: a deploy goes on and its durations are true while the clock jumps by %i',
  async (by) => {
    const { world, clock } = jumping(by)
    world.compose.fail('up', new DeployError('docker_unavailable', 'The Docker engine does not answer'))
    const sleep: Clock['sleep'] = async (ms, signal) => {
      if (world.clock.monotonic() > 5_000) world.compose.mend('up')
      await clock.sleep(ms, signal)
    }
    const { outcome, durations } = await deploy(world, { ...clock, sleep })
    expect(outcome.status).toBe('success')
    // 2 s, 4 s and 8 s of waiting.
    expect(durations.get('composeUp')).toBe(14_000)
    expect([...durations.values()].reduce((sum, duration) => sum + duration)).toBe(world.clock.monotonic())
    expect(Math.min(...durations.values())).toBe(0)
  },
)

test.each(jumps)('F29: every wait ends when its time is up while the clock jumps by %i', async (by) => {
  const { world, clock } = jumping(by)
  const down = new DeployError('docker_unavailable', 'The Docker engine does not answer')
  world.compose.fail('up', down)
  const { outcome, durations } = await deploy(world, clock, 60_000)
  expect(outcome).toMatchObject({ status: 'failure', step: 'composeUp', error: down })
  expect(durations.get('composeUp')).toBe(44_000 + 15_000)
  world.compose.mend('up')

  world.git.fail('fetch', new DeployError('remote_unreachable', 'git.example answered 503'))
  const pulled = await deploy(world, clock)
  expect(pulled.outcome).toMatchObject({ status: 'failure', step: 'gitPull' })
  expect(pulled.durations.get('gitPull')).toBe(2_000 + 4_000 + 8_000)
})

test.each(jumps)('F29: health is judged by time that passed while the clock jumps by %i', async (by) => {
  const { world, clock } = jumping(by)
  const { engine } = world
  const startedAt = world.clock.now().toISOString()
  // Compose shows nothing by itself here: what the engine shows counts.
  const shown = (changes: object) => fakeContainer({ service: 'web', startedAt, ...changes })
  const options = { engine, clock }
  const app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    path,
    rollout: { settle: 1_000, healthTimeout: 10_000 },
  })
  const project = { name: 'shop', directory: path, files: [], envFiles: [], profiles: [], environment: {} }
  const run = async (container: object) => {
    engine.show('shop', [shown(container)])
    const began = world.clock.monotonic()
    const services = [{ name: 'web', replicas: 1 }]
    const outcome = await pipeline<{ app: App; project: typeof project; services: typeof services }>()
      .use(waitHealthy(options))
      .run({ app, project, services })
    return [outcome.status, world.clock.monotonic() - began]
  }
  expect(await run({ health: 'starting' })).toEqual(['failure', 10_000])
  expect(await run({ restartCount: 1 })).toEqual(['success', 1_000])
})
