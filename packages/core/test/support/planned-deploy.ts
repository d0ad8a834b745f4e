import { type App, type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Action, Plan } from '../../src/domain/plan.ts'
import type { Push } from '../../src/domain/push.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import type { Compose } from '../../src/executors/compose.ts'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import type { Engine } from '../../src/executors/engine.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { applyPlan } from '../../src/steps/apply-plan.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { lockProject } from '../../src/steps/lock-project.ts'
import { makePlan } from '../../src/steps/make-plan.ts'
import { recordDeployed } from '../../src/steps/record-deployed.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import { fakeLocks } from '../../src/testing/fake-locks.ts'
import { docker, newProject } from './docker.ts'
import { type Origin, playground } from './repository.ts'

export interface PlannedDeploy {
  readonly path: string
  readonly project: string
  readonly origin: Origin
  /** Deploys what origin has now. */
  deploy(changes?: Partial<AppOptions>, manual?: Push['manual']): Promise<Deployed>
  /** Pulls what origin has now and tells what is to be done with each service; does none of it. */
  plan(changes?: Partial<AppOptions>): Promise<Readonly<Record<string, Action>>>
  /** Ids of the running containers by service. */
  containers(project?: string): Promise<Readonly<Record<string, string>>>
  /** What a command in a service's container prints. */
  inside(service: string, ...command: readonly string[]): Promise<string>
  close(): Promise<void>
}

interface Deployed {
  readonly outcome: Outcome<{ plan: Plan }>
  readonly log: readonly string[]
  /** What Compose and the engine were told to change, such as `build web` and `up web api`. */
  readonly calls: readonly string[]
  /** Lines such as `web: build; web/page changed in build context web`, of services that aren't kept. */
  readonly told: readonly string[]
}

/** A checkout that is deployed by plan, with real git and Docker. */
export function plannedDeploy(): PlannedDeploy {
  const ground = playground()
  const project = newProject()
  const origin = ground.origin()
  const path = ground.path('shop')
  const seen: string[] = []
  const compose = watchedCompose(seen)
  const engine = watchedEngine(seen)
  const git = simpleGit({ environment: ground.environment })
  const projects = new Set([project])
  const world = { git, compose, engine, locks: fakeLocks() }
  // Its own: what another app of that name prunes on this engine must not be this one's.
  const base = { name: project, repository: 'acme/shop', url: origin.path, branch: 'main', path, project }

  const containers: PlannedDeploy['containers'] = async (of = project) => {
    const label = `label=com.docker.compose.project=${of}`
    const format = '{{.Label "com.docker.compose.service"}} {{.ID}}'
    const listed = await docker('ps', '--no-trunc', '--filter', label, '--format', format)
    return Object.fromEntries(
      listed
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' ') as [string, string]),
    )
  }
  return {
    path,
    project,
    origin,
    containers,
    async deploy(changes = {}, manual) {
      const rollout = { settle: 200, healthTimeout: 15_000 }
      const app = defineApp({ ...base, rollout, ...changes })
      projects.add(`${app.color ?? ''}${app.project}`)
      const push: Push = {
        repository: 'acme/shop',
        ref: 'refs/heads/main',
        pusher: 'ada',
        ...(manual ? { manual } : {}),
      }
      const log: string[] = []
      const tell = (line: string): void => void log.push(line)
      seen.length = 0
      const outcome = await pipeline<{ app: App; push: Push }>()
        .use(gitPull(world))
        .use(lockProject(world))
        .use(makePlan(world))
        .use(applyPlan(world))
        .use(waitHealthy(world))
        .use(recordDeployed(world))
        .run({ app, push }, { log: { debug: tell, info: tell, warn: tell, error: tell } })
      return { outcome, log, calls: [...seen], told: tellPlan(outcome.ctx.plan) }
    },
    async plan(changes = {}) {
      const app = defineApp({ ...base, ...changes })
      const outcome = await pipeline<{ app: App; push: Push }>()
        .use(gitPull(world))
        .use(lockProject(world))
        .use(makePlan(world))
        .run({ app, push: { repository: 'acme/shop', ref: 'refs/heads/main', pusher: 'ada' } })
      if (outcome.status !== 'success')
        throw outcome.status === 'failure' ? outcome.error : new Error('skipped')
      return Object.fromEntries(outcome.ctx.plan.services.map(({ service, action }) => [service, action]))
    },
    async inside(service, ...command) {
      const id = (await containers())[service]
      if (id === undefined) throw new Error(`${service} has no running container`)
      return docker('exec', id, ...command)
    },
    async close() {
      for (const name of projects) {
        await docker('compose', '--project-name', name, 'down', '--volumes', '--timeout', '0')
        const images = await docker('images', '--quiet', '--filter', `reference=${name}-*`)
        if (images !== '') await docker('rmi', '--force', ...new Set(images.split('\n')))
      }
      ground.remove()
    },
  }
}

function tellPlan(plan: Plan | undefined): readonly string[] {
  return (plan?.services ?? [])
    .filter(({ action }) => action !== 'keep')
    .map(({ service, action, because }) => `${service}: ${[action, ...because].join('; ')}`)
}

function watchedCompose(seen: string[]): Compose {
  const compose = composeCli()
  return {
    ...compose,
    build(project, services, options, call) {
      seen.push(`build ${services.join(' ')}`)
      return compose.build(project, services, options, call)
    },
    up(project, options, call) {
      seen.push([options.force ? 'recreate' : 'up', ...(options.services ?? ['all'])].join(' '))
      return compose.up(project, options, call)
    },
    restart(project, services, options, call) {
      seen.push(`restart ${services.join(' ')}`)
      return compose.restart(project, services, options, call)
    },
  }
}

function watchedEngine(seen: string[]): Engine {
  const engine = dockerEngine()
  return {
    ...engine,
    async build(image, options, call) {
      const isBuilt = await engine.build(image, options, call)
      if (isBuilt) seen.push(`build ${image.service}`)
      return isBuilt
    },
    tag(image, name, call) {
      seen.push(`tag ${name}`)
      return engine.tag(image, name, call)
    },
    removeContainers(ids, call) {
      seen.push(`remove ${ids.length}`)
      return engine.removeContainers(ids, call)
    },
  }
}
