import { mkdirSync } from 'node:fs'
import { expect } from 'vitest'
import { type App, defineApp } from '../../src/domain/app.ts'
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
import { fakeLocks } from '../../src/testing/fake-locks.ts'
import { type Playground, playground, writeFiles } from '../support/repository.ts'
import { checkContent, checkKept, checkReasons, type Success } from './check-plan.ts'
import { commitTree } from './commit-tree.ts'
import { dockerOverFiles } from './docker-over-files.ts'
import type { HistoryDocker, MakeDocker } from './history-docker.ts'
import { type Expected, expectedOf } from './random-compose.ts'
import { changeTree, type Round, type ServiceName, type Texts, type Tree, whereIs } from './random-project.ts'

/** What was seen on the way, to tell that a run has tried what it should. */
export type Seen = Map<string, number>

/** Pushes and deploys a random history, and checks after each deployment what must hold of it. */
export async function followHistory(
  { first, rounds }: { readonly first: Tree; readonly rounds: readonly Round[] },
  seen: Seen,
  makeDocker: MakeDocker = dockerOverFiles,
): Promise<void> {
  const place = playground()
  const docker = makeDocker(place.path('shop'))
  try {
    const machine = makeMachine(place, docker)
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
      await machine.meddle(byHand)
      await machine.deploy(tree, fails, seen)
    }
  } finally {
    await docker.close()
    place.remove()
  }
}

function makeMachine(place: Playground, docker: HistoryDocker) {
  const { project, compose, engine, clock } = docker
  const origin = commitTree(place, docker.filesOf)
  const path = place.path('shop')
  let tree: Tree = { services: {}, files: {} }
  const untracked: Record<string, string> = {}
  let failsToRecord = false
  const git = simpleGit({ environment: place.environment })
  const recording: Git = {
    ...git,
    async recordDeployed(...args) {
      if (failsToRecord) throw new DeployError('git_failed', 'fails on purpose')
      return git.recordDeployed(...args)
    },
  }
  const app = defineApp({
    name: project,
    repository: 'acme/shop',
    url: origin.path,
    branch: 'main',
    path,
    project,
    rollout: { settle: 0 },
  })
  const world = { git: recording, compose, engine, locks: fakeLocks(), ...(clock ? { clock } : {}) }
  const successes: Success[] = []
  let meddled = new Set<string>()
  let touchedSince = new Set<string>()
  let rounds = 0

  return {
    origin,
    async meddle(byHand: Round['byHand']): Promise<void> {
      if (!successes.length) return
      if (byHand.kind === 'untracked' || byHand.kind === 'edited') {
        const text = ['by hand', 'by another hand', 'by nobody'][byHand.text] ?? ''
        if (byHand.kind === 'untracked') untracked[byHand.name] = text
        // At a path that the checkout's commit has: anywhere else it would be one more file that git does not track.
        const name = byHand.kind === 'edited' ? whereIs(byHand.name, tree.files) : byHand.name
        writeFiles(path, { [name]: text })
      } else if (byHand.kind !== 'nothing') {
        meddled.add(byHand.name)
        await docker.meddle(byHand)
      }
    },
    async deploy(now: Tree, fails: Round['fails'], seen: Seen): Promise<void> {
      tree = now
      mkdirSync(place.path('tmp'), { recursive: true })
      const [before, images] = [await docker.containers(), await docker.images()]
      docker.begin(tree, fails)
      failsToRecord = fails === 'record'
      rounds += 1
      // Every third time, as it takes as long as all else.
      const foreseen = successes.length > 0 && rounds % 3 === 0 ? (await planApp(app, world)).plan : undefined
      const { plan, again, error } = await run(app, world)
      const built = docker.takeBuilt()
      if (foreseen) expect(plan, 'what was told before the pull').toEqual(foreseen)
      const expected = expectedServices(tree, untracked, docker)
      const last = successes.at(-1)
      checkReasons({ plan, tree, expected, before, touchedSince, meddled, last, docker, images })
      for (const { action } of plan.services) count(seen, action)
      count(seen, error ? `failed: ${fails}` : 'succeeded')
      if (error) {
        if (fails === 'nothing') throw error
        for (const { service } of acting(plan)) touchedSince.add(service)
        return
      }
      for (const { service, action } of plan.services)
        if (action === 'build') expect(built.length, `${service} is built`).toBeGreaterThan(0)
      await checkContent(tree, expected, docker)
      const containers = await docker.containers()
      checkKept(plan, before, containers)
      successes.push({ tree, expected, containers })
      meddled = new Set()
      touchedSince = new Set()
      expect(again && acting(again), 'planned after it was applied').toEqual([])
    },
  }
}

type World = {
  readonly git: Git
  readonly compose: HistoryDocker['compose']
  readonly engine: HistoryDocker['engine']
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

function expectedServices(
  tree: Tree,
  untracked: Texts,
  { filesOf }: HistoryDocker,
): ReadonlyMap<string, Expected> {
  const names = Object.keys(tree.services) as ServiceName[]
  return new Map(names.map((name) => [name, expectedOf(name, tree, { ...untracked, ...filesOf(tree) })]))
}

function count(seen: Seen, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
