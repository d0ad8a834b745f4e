import { type App, type AppOptions, defineApp } from '../domain/app.ts'
import type { Pull } from '../domain/pull.ts'
import type { Push } from '../domain/push.ts'
import { type Outcome, type Pipeline, pipeline as chain } from '../pipeline.ts'
import type { Logger } from '../run.ts'
import { applyPlan } from '../steps/apply-plan.ts'
import { gitPull } from '../steps/git-pull.ts'
import { lockProject } from '../steps/lock-project.ts'
import { makePlan } from '../steps/make-plan.ts'
import { recordDeployed } from '../steps/record-deployed.ts'
import { waitHealthy } from '../steps/wait-healthy.ts'
import type { FakeTree } from './fake-repositories.ts'
import { type FakeWorld, fakeWorld } from './fake-world.ts'

export interface SimulatePushOptions {
  /** Tracked files of the commit that Fairway has deployed before; absent: nothing was yet, and the repository is cloned. */
  readonly before?: FakeTree
  /** Tracked files of the commit that is pushed. */
  readonly after: FakeTree
  /** Untracked files that lie in the checkout, such as `.env`; they need a `before`. */
  readonly files?: FakeTree
  /** Settings of the app that differ from the defaults. */
  readonly app?: Partial<AppOptions>
  readonly push?: Partial<Push>
  /** Told of the doubles before the push, to make them fail or show something. */
  readonly prepare?: (world: FakeWorld) => void
}

export interface Simulation<Ctx extends object> {
  readonly outcome: Outcome<Ctx>
  /** What would be done, in order, such as `fetch refs/heads/main`, `build shop web`, `up shop`. */
  readonly calls: readonly string[]
  /** Lines of the log, with their level, such as `INFO Build web: ...`. */
  readonly log: readonly string[]
}

/** Pushes at a pipeline made of doubles and tells what it would do; needs neither git nor Docker. */
export async function simulatePush<Ctx extends object>(
  pipeline: (world: FakeWorld) => Pipeline<{ app: App; push: Push }, Ctx>,
  {
    before,
    after,
    files = {},
    app: changes = {},
    push: pushed = {},
    prepare = () => {},
  }: SimulatePushOptions,
): Promise<Simulation<Ctx>> {
  const path = changes.path ?? '/srv/app'
  const app = defineApp({
    name: 'app',
    repository: 'acme/app',
    path,
    branch: 'main',
    url: 'https://example.com/acme/app.git',
    ...changes,
  })
  const ref = `refs/heads/${app.branch ?? 'main'}`
  const push: Push = { repository: app.repository, ref, pusher: 'ada', ...pushed }
  const world = fakeWorld({ path })

  if (before) {
    await deployBefore(before, { app, push: { ...push, ref, manual: {} } }, world)
  }
  for (const [file, text] of Object.entries(files)) world.git.write(path, file, text)
  world.git.commit(ref, after)
  prepare(world)
  const deploy = pipeline(world)

  const calls: string[] = []
  const sources = [world.git.calls, world.compose.calls].map((list) => ({ list, seen: list.length }))
  const collect = (): void => {
    for (const source of sources) {
      calls.push(...source.list.slice(source.seen))
      source.seen = source.list.length
    }
  }
  const log: string[] = []
  const outcome = await deploy.run(
    { app, push },
    { log: recorder(log), clock: world.clock, observe: collect },
  )
  return { outcome, calls, log }
}

/** As Fairway itself deploys it: the pipeline that is looked at runs once, for `after`. */
async function deployBefore(
  files: FakeTree,
  { app, push }: { readonly app: App; readonly push: Push },
  world: FakeWorld,
): Promise<void> {
  const commit = world.git.commit(push.ref, files)
  const pulled = await chain<{ app: App; push: Push }>().use(gitPull(world)).run({ app, push })
  if (pulled.status !== 'success') throw new Error('`before` could not be checked out', { cause: pulled })
  if (!Object.keys(files).some((file) => /compose.*\.ya?ml$/.test(file))) {
    // Not everything that is deployed is a Compose project.
    await world.git.recordDeployed(app.path, app.name, { commit, services: {}, unsettled: [] })
    return
  }
  const deployed = await chain<{ app: App; push: Push; pull: Pull }>()
    .use(lockProject(world))
    .use(makePlan(world))
    .use(applyPlan(world))
    .use(waitHealthy(world))
    .use(recordDeployed(world))
    .run({ app, push, pull: pulled.ctx.pull }, { clock: world.clock })
  if (deployed.status !== 'success') throw new Error('`before` could not be deployed', { cause: deployed })
}

function recorder(lines: string[]): Logger {
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARNING'), error: at('ERROR') }
}
