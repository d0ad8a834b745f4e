import { mkdirSync } from 'node:fs'
import { expect } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
import type { Container } from '../../src/domain/container.ts'
import type { Image } from '../../src/domain/image.ts'
import type { Plan, ServicePlan } from '../../src/domain/plan.ts'
import type { Push } from '../../src/domain/push.ts'
import { DeployError } from '../../src/errors.ts'
import type { Git } from '../../src/executors/git.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { pipeline } from '../../src/pipeline.ts'
import { planApp } from '../../src/plan-app.ts'
import { applyPlan } from '../../src/steps/apply-plan.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { lockProject } from '../../src/steps/lock-project.ts'
import { makePlan } from '../../src/steps/make-plan.ts'
import { recordDeployed } from '../../src/steps/record-deployed.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'
import { type Playground, playground, writeFiles } from '../support/repository.ts'
import { containersOf, type DockerOverFiles, dockerOverFiles } from './docker-over-files.ts'
import { commitTree } from './commit-tree.ts'
import { type Expected, expectedOf, filesOf } from './random-compose.ts'
import { changeTree, type Round, type ServiceName, type Texts, type Tree } from './random-project.ts'

/** What was seen on the way, to tell that a run has tried what it should. */
export type Seen = Map<string, number>

/** Pushes and deploys a random history, and checks after each deployment what must hold of it. */
export async function followHistory(
  { first, rounds }: { readonly first: Tree; readonly rounds: readonly Round[] },
  seen: Seen,
): Promise<void> {
  const place = playground()
  try {
    const machine = makeMachine(place)
    let tree = first
    const past: Tree[] = []
    const all: readonly Round[] = [{ changes: [], byHand: { kind: 'nothing' }, fails: 'nothing' }, ...rounds]
    for (const { changes, byHand, fails } of all) {
      if (past.length === 0) machine.origin.commit(tree)
      for (const change of changes) {
        const next = changeTree(tree, change, past)
        machine.origin.change(change, next)
        past.push(tree)
        tree = next
      }
      if (past.length === 0) past.push(tree)
      machine.origin.send()
      machine.meddle(byHand)
      await machine.deploy(tree, fails, seen)
    }
  } finally {
    place.remove()
  }
}

function makeMachine(place: Playground) {
  const origin = commitTree(place)
  const path = place.path('shop')
  const clock = fakeClock()
  let tree: Tree = { services: {}, files: {} }
  const untracked: Record<string, string> = {}
  const docker = dockerOverFiles(path, () => new Set(Object.keys(filesOf(tree))), clock)
  let failsToRecord = false
  const git: Git = {
    ...simpleGit({ environment: place.environment }),
  }
  const recording: Git = {
    ...git,
    async recordDeployed(...args) {
      if (failsToRecord) throw new DeployError('git_failed', 'fails on purpose')
      return git.recordDeployed(...args)
    },
  }
  const app = defineApp({
    name: 'shop',
    repository: 'acme/shop',
    url: origin.path,
    branch: 'main',
    path,
    project: 'shop',
    rollout: { settle: 0 },
  })
  const world = { git: recording, compose: docker.compose, engine: docker.engine, locks: fakeLocks(), clock }
  const successes: Success[] = []
  let meddled = new Set<string>()
  let touchedSince = new Set<string>()
  let rounds = 0

  return {
    origin,
    meddle(byHand: Round['byHand']): void {
      if (!successes.length) return
      if (byHand.kind === 'untracked' || byHand.kind === 'edited') {
        const texts = ['by hand', 'by another hand', 'by nobody']
        if (byHand.kind === 'untracked') untracked[byHand.name] = texts[byHand.text] ?? ''
        writeFiles(path, { [byHand.name]: texts[byHand.text] ?? '' })
      } else if (byHand.kind !== 'nothing') {
        meddled.add(byHand.name)
        meddle(docker, byHand)
      }
    },
    async deploy(now: Tree, fails: Round['fails'], seen: Seen): Promise<void> {
      tree = now
      mkdirSync(place.path('tmp'), { recursive: true })
      const before = docker.double.shown('shop')
      const images = docker.double.store.all()
      docker.fail(fails)
      failsToRecord = fails === 'record'
      rounds += 1
      // Every third time, as it takes as long as all else.
      const foreseen = successes.length > 0 && rounds % 3 === 0 ? (await planApp(app, world)).plan : undefined
      const { plan, again, error } = await run(app, world)
      const built = docker.takeBuilt()
      docker.fail('nothing')
      failsToRecord = false
      if (foreseen) expect(plan, 'what was told before the pull').toEqual(foreseen)
      const expected = expectedServices(tree, untracked)
      checkReasons({ plan, expected, before, touchedSince, meddled, last: successes.at(-1), docker, images })
      for (const { action } of plan.services) count(seen, action)
      count(seen, error ? `failed: ${fails}` : 'succeeded')
      if (error) {
        if (fails === 'nothing') throw error
        for (const { service, action } of plan.services) if (action !== 'keep') touchedSince.add(service)
        return
      }
      for (const { service, action } of plan.services)
        if (action === 'build') expect(built.length, `${service} is built`).toBeGreaterThan(0)
      checkContent(tree, expected, docker)
      checkKept(plan, before, docker)
      const containers = docker.double.shown('shop')
      successes.push({ expected, containers })
      meddled = new Set()
      touchedSince = new Set()
      expect(again && acting(again), 'planned after it was applied').toEqual([])
    },
  }
}

interface Success {
  readonly expected: ReadonlyMap<string, Expected>
  readonly containers: readonly Container[]
}

type World = {
  readonly git: Git
  readonly compose: DockerOverFiles['compose']
  readonly engine: DockerOverFiles['engine']
} & Parameters<typeof gitPull>[0] &
  Parameters<typeof lockProject>[0]

const push: Push = { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' }

/** Plans twice, then carries it out. */
async function run(
  app: App,
  world: World,
): Promise<{ readonly plan: Plan; readonly again?: Plan; readonly error?: unknown }> {
  const outcome = await pipeline<{ app: App; push: Push }>()
    .use(gitPull(world))
    .use(lockProject(world))
    .use('planFirst', async (ctx, inner) => {
      const made = await makePlan(world).run(ctx, inner)
      return { earlier: (made as { plan: Plan }).plan }
    })
    .use(makePlan(world))
    .use('compare', async ({ plan, earlier }) => {
      expect(plan, 'planned twice').toEqual(earlier)
      return {}
    })
    .use(applyPlan(world))
    .use(waitHealthy(world))
    .use(recordDeployed(world))
    .use('planAgain', async (ctx, inner) => {
      const made = await makePlan(world).run(ctx, inner)
      return { again: (made as { plan: Plan }).plan }
    })
    .run({ app, push })
  const { plan, again } = outcome.ctx
  if (!plan) throw outcome.status === 'failure' ? outcome.error : new Error(outcome.status)
  return {
    plan,
    ...(again ? { again } : {}),
    ...(outcome.status === 'failure' ? { error: outcome.error } : {}),
  }
}

function acting({ services }: Plan): readonly ServicePlan[] {
  return services.filter(({ action }) => action !== 'keep')
}

function expectedServices(tree: Tree, untracked: Texts): ReadonlyMap<string, Expected> {
  const names = Object.keys(tree.services) as ServiceName[]
  return new Map(names.map((name) => [name, expectedOf(name, tree, untracked)]))
}

/** Every service is at the content of the commit. */
function checkContent(tree: Tree, expected: ReadonlyMap<string, Expected>, docker: DockerOverFiles): void {
  for (const [name, { image, environment, mounts }] of expected) {
    const containers = containersOf(docker.double, name)
    expect(
      containers.map(({ state }) => state),
      `containers of ${name}`,
    ).toEqual(Array.from({ length: tree.services[name as ServiceName]?.replicas ?? 1 }, () => 'running'))
    for (const container of containers) {
      const held = { image: docker.content(container.image), ...docker.began(container.id) }
      expect(held, `what ${name} runs`).toEqual({ image, environment, mounts })
    }
  }
  const left = docker.double.shown('shop').map(({ service }) => service)
  expect(
    left.filter((name) => !expected.has(name)),
    'services that are gone',
  ).toEqual([])
}

/** What is kept or restarted has the containers of before. */
function checkKept({ services }: Plan, before: readonly Container[], docker: DockerOverFiles): void {
  for (const { service, action } of services) {
    const now = containersOf(docker.double, service).map(({ id }) => id)
    const then = before.filter((container) => container.service === service).map(({ id }) => id)
    if (action === 'keep' || action === 'restart') expect(now, `${service}, ${action}`).toEqual(then)
    if (action === 'recreate')
      expect(
        now.filter((id) => then.includes(id)),
        `${service}, ${action}`,
      ).toEqual([])
  }
}

interface Reasons {
  readonly plan: Plan
  readonly expected: ReadonlyMap<string, Expected>
  readonly before: readonly Container[]
  readonly touchedSince: ReadonlySet<string>
  readonly meddled: ReadonlySet<string>
  readonly last: Success | undefined
  readonly docker: DockerOverFiles
  readonly images: readonly Image[]
}

/** Nothing is touched without a reason, and nothing is built of which an image is here. */
function checkReasons({
  plan,
  expected,
  before,
  touchedSince,
  meddled,
  last,
  docker,
  images,
}: Reasons): void {
  const acts = new Map(plan.services.map(({ service, action }) => [service, action]))
  for (const { service, action, because, image } of plan.services) {
    if (action === 'keep') continue
    expect(because.length, `${service} is touched with a reason`).toBeGreaterThan(0)
    const [wanted, then] = [expected.get(service), last?.expected.get(service)]
    const ids = (of: readonly Container[]): readonly string[] =>
      of.filter((one) => one.service === service).map(({ id }) => id)
    const isFollowing = service !== 'web' && (acts.get('web') ?? 'keep') !== 'keep'
    const differs = JSON.stringify(wanted) !== JSON.stringify(then)
    const isOther = JSON.stringify(ids(before)) !== JSON.stringify(ids(last?.containers ?? []))
    const isAsBefore =
      last && !differs && !isOther && !meddled.has(service) && !(service === 'worker' && meddled.has('web'))
    if (isAsBefore && !isFollowing && !isScaled(service, plan)) {
      throw new Error(
        `${service}: ${action} without need (${because.join('; ')}; touched since: ${[...touchedSince].join()})`,
      )
    }
    if (action === 'build' && wanted) {
      const found = images.find(
        ({ id, buildKey }) => buildKey !== undefined && docker.content(id) === wanted.image,
      )
      expect(found, `${service} is built, and an image of it is here`).toBeUndefined()
    }
    if (image !== undefined && wanted)
      expect(docker.content(image), `${service} is given an image`).toEqual(wanted.image)
  }
}

/** Only the number of its containers changed. */
function isScaled(name: string, { services }: Plan): boolean {
  return services.some(
    ({ service, action, because }) =>
      service === name && action === 'start' && because.some((one) => /should have/.test(one)),
  )
}

function meddle(
  { double }: DockerOverFiles,
  { kind, name }: { readonly kind: 'stopped' | 'removed' | 'untagged' | 'paused'; readonly name: string },
): void {
  if (kind === 'untagged') double.store.untag(`shop-${name}`)
  const change = (one: Container): readonly Container[] => {
    if (one.service !== name || kind === 'untagged') return [one]
    if (kind === 'removed') return []
    return [kind === 'paused' ? { ...one, state: 'paused' } : { ...one, state: 'exited', exitCode: 137 }]
  }
  double.show('shop', double.shown('shop').flatMap(change))
}

function count(seen: Seen, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
