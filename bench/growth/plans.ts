import { composeCli, type Container, lockProject, makePlan, pipeline } from '@fairway/core'
import type { App, Pull, Push } from '@fairway/core'
import { playground } from '../../packages/core/test/support/repository.ts'
import { loadConfig, realExecutors } from '../../packages/server/src/index.ts'
import { writeFile } from 'node:fs/promises'
import { watchExecutors } from '../deploys/in-flight.ts'
import { configurationOf } from '../deploys/fairway.ts'
import { spread } from '../spread.ts'

/** Files of each service's build context: 200 services have 50,000. */
const filesOfEach = 250

export interface PlanTime {
  readonly services: number
  /** Milliseconds that are neither git's nor Docker's, and all. */
  readonly own: number
  readonly all: number
}

/** Plans for a project of so many services with real git and Compose; an engine on which none of them runs stands in. */
export async function planTime(services: number, rounds: number): Promise<PlanTime> {
  const ground = playground()
  try {
    const origin = ground.origin('origin')
    const commit = origin.commit(projectOf(services))
    const name = `benchplan${services}`
    const file = ground.path('fairway.yaml')
    await writeFile(file, configurationOf(ground, [{ name, origin, firstPort: 0 }]))
    ground.clone(origin, name)
    const environment = { ...process.env, ...ground.environment, FAIRWAY_LOCKS: ground.path('locks') }
    const config = await loadConfig({ file, directory: ground.directory, environment })
    const app = config.apps[0]
    if (!app) throw new Error('The configuration has no app')
    const real = realExecutors(environment)
    const empty = { containers: async (): Promise<readonly Container[]> => [], images: async () => [] }
    const watched = watchExecutors({
      ...real,
      compose: composeCli({ environment }),
      engine: { ...real.engine, ...empty },
    })
    const input = { app, push: pushOf(app), pull: { after: commit, ref: 'refs/heads/main' } }
    const steps = pipeline<{ app: App; push: Push; pull: Pull }>()
      .use(lockProject(watched.executors))
      .use(makePlan(watched.executors))
    const times = []
    for (let round = 0; round <= rounds; round++) {
      const time = await watched.measure(async () => {
        const outcome = await steps.run(input)
        if (outcome.status !== 'success') throw new Error('There is no plan', { cause: outcome })
        if (outcome.ctx.plan.services.length !== services) throw new Error('The plan is not whole')
      })
      // The first one asks Compose; those that follow know its answer, as a server does.
      if (round > 0) times.push(time)
    }
    return {
      services,
      own: spread(times.map(({ own }) => own)).median,
      all: spread(times.map(({ all }) => all)).median,
    }
  } finally {
    ground.remove()
  }
}

function pushOf({ repository }: App): Push {
  return { repository, ref: 'refs/heads/main', pusher: 'bench' }
}

function projectOf(services: number): Readonly<Record<string, string>> {
  const names = Array.from({ length: services }, (_, index) => `service${index + 1}`)
  const sections = names.map(
    (name) => `  ${name}:\n    build: ./${name}\n    environment: { NAME: ${name} }\n`,
  )
  const files = names.flatMap((name) => [
    [`${name}/Dockerfile`, 'FROM local/busybox:latest\nCOPY . .\n'] as const,
    ...Array.from(
      { length: filesOfEach - 1 },
      (_, at) => [`${name}/src/${at}.txt`, `${name} ${at}\n`] as const,
    ),
  ])
  return { 'docker-compose.prod.yml': `services:\n${sections.join('')}`, ...Object.fromEntries(files) }
}
