import { type App, type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Pull } from '../../src/domain/pull.ts'
import type { Push } from '../../src/domain/push.ts'
import type { Release } from '../../src/domain/release.ts'
import { DeployError } from '../../src/errors.ts'
import { type Outcome, type Pipeline, pipeline, type RunEvent } from '../../src/pipeline.ts'
import type { LeftBehind } from '../../src/project/left-behind.ts'
import { applyPlan } from '../../src/steps/apply-plan.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { goBack } from '../../src/steps/go-back.ts'
import { holdLeft } from '../../src/steps/hold-left.ts'
import { keepRelease } from '../../src/steps/keep-release.ts'
import { lockProject } from '../../src/steps/lock-project.ts'
import { makePlan } from '../../src/steps/make-plan.ts'
import { recordDeployed } from '../../src/steps/record-deployed.ts'
import { refuseHeld } from '../../src/steps/refuse-held.ts'
import { rollBack } from '../../src/steps/roll-back.ts'
import { waitHealthy } from '../../src/steps/wait-healthy.ts'
import { type FakeWorld, fakeWorld } from '../../src/testing/fake-world.ts'

type Input = { readonly app: App; readonly push: Push; readonly deployment?: string }
type Moved = Input & { readonly pull: Pull; readonly release?: Release; readonly left?: LeftBehind }

const path = '/srv/shop'
const ref = 'refs/heads/main'

interface Deployed {
  readonly outcome: Outcome<object>
  /** Its reason or message. */
  readonly says: string
  readonly log: readonly string[]
  /** How the steps ended, such as `gitPull success`. */
  readonly steps: readonly string[]
}

interface DeployOptions {
  readonly manual?: Push['manual']
  readonly deployment?: string
  readonly app?: Partial<AppOptions>
  readonly signal?: AbortSignal
}

/** A machine of doubles that deploys, and goes back, as the server does; a page with `bad` in it is found unhealthy, unless told otherwise. */
export interface RollbackWorld extends FakeWorld {
  readonly path: string
  /** Pushes these pages of `web` and `api` and gives the commit. */
  push(pages: { readonly web?: string; readonly api?: string; readonly docs?: string }): string
  deploy(options?: DeployOptions): Promise<Deployed>
  /** What runs: pages by service. */
  runs(): Readonly<Record<string, string>>
  head(): Promise<string | undefined>
  isBad: (page: string) => boolean
  /** Called when a page was found bad, before that fails the deployment. */
  onBad: () => void
  /** Called as a way back after a failure begins. */
  onBack: () => void
  /** Called after the way back has held what failed. */
  onHeld: () => void
  /** Called after the way back has written the state, with how many times it has done so. */
  onNoted: (times: number) => void
}

export function rollbackWorld(): RollbackWorld {
  const world = fakeWorld({ path })
  let pages = { web: 'web 1', api: 'api 1', docs: '1' }
  const images = new Map<string, string>()

  let noted = 0
  const toldOf = (git: FakeWorld['git']): FakeWorld['git'] => ({
    ...git,
    releases(...asked) {
      made.onBack()
      noted = 0
      return git.releases(...asked)
    },
    async writeState(...written) {
      await git.writeState(...written)
      noted += 1
      made.onNoted(noted)
    },
    async changeHolds(...changed) {
      const holds = await git.changeHolds(...changed)
      made.onHeld()
      return holds
    },
  })
  const remember = (): void => {
    for (const { service, image } of world.engine.shown('shop')) {
      if (!images.has(image)) images.set(image, world.git.read(path, `${service}/page`) ?? '')
    }
  }
  const made: RollbackWorld = {
    ...world,
    path,
    isBad: (page) => page.includes('bad'),
    onBad() {},
    onBack() {},
    onHeld() {},
    onNoted() {},
    push(changes) {
      pages = { ...pages, ...changes }
      return world.git.commit(ref, {
        'compose.yaml': 'services: { web: { build: web }, api: { build: api } }',
        'web/Dockerfile': 'FROM scratch',
        'web/page': pages.web,
        'api/Dockerfile': 'FROM scratch',
        'api/page': pages.api,
        'docs/a.md': pages.docs,
      })
    },
    async deploy({ manual, deployment, app: changes = {}, signal } = {}) {
      const url = 'https://example.com/acme/shop.git'
      const app = defineApp({ name: 'shop', repository: 'acme/shop', branch: 'main', url, path, ...changes })
      const push: Push = { repository: 'acme/shop', ref, pusher: 'ada', ...(manual ? { manual } : {}) }
      const input = { app, push, ...(deployment === undefined ? {} : { deployment }) }
      const start = pipeline<Input>()
      const moved: Pipeline<Input, Moved> = manual?.rollback
        ? start.use(goBack(world))
        : start.use(refuseHeld(world)).use(gitPull(world))
      const log: string[] = []
      const tell = (line: string): void => void log.push(line)
      const steps: string[] = []
      const observe = (event: RunEvent): void => {
        if (event.type === 'step-ended') steps.push(`${event.step} ${event.status}`)
      }
      const outcome = await moved
        .use(lockProject(world))
        .use(makePlan(world))
        .use(applyPlan(world))
        .use('look', () => {
          remember()
          const bad = ['web', 'api'].filter((name) => made.isBad(world.git.read(path, `${name}/page`) ?? ''))
          if (bad.length === 0) return
          made.onBad()
          throw new DeployError('unhealthy', `${bad.join(', ')} is unhealthy`, { services: bad })
        })
        .use(waitHealthy(world))
        .use(holdLeft(world))
        .use(keepRelease(world))
        .use(recordDeployed(world))
        .rescue('rollBack', rollBack({ ...world, git: toldOf(world.git) }))
        .run(input, {
          clock: world.clock,
          observe,
          log: { debug: tell, info: tell, warn: tell, error: tell },
          ...(signal ? { signal } : {}),
        })
      return { outcome, says: words(outcome), log, steps }
    },
    runs: () =>
      Object.fromEntries(
        world.engine.shown('shop').map(({ service, image }) => [service, images.get(image) ?? image]),
      ),
    head: async () => (await world.git.head(path))?.commit,
  }
  return made
}

function words(outcome: Outcome<object>): string {
  if (outcome.status === 'skipped') return outcome.reason
  if (outcome.status === 'success') return ''
  return outcome.error instanceof Error ? outcome.error.message : String(outcome.error)
}
