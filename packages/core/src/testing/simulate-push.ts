import { type App, type AppOptions, defineApp } from '../domain/app.ts'
import type { Push } from '../domain/push.ts'
import type { Outcome, Pipeline } from '../pipeline.ts'
import type { Logger } from '../run.ts'
import type { FakeTree } from './fake-git.ts'
import { type FakeWorld, fakeWorld } from './fake-world.ts'

export interface SimulatePushOptions {
  /** Tracked files of the commit deployed before; absent: nothing was deployed yet, and the repository is cloned. */
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
  const deploy = pipeline(world)

  if (before) {
    world.git.commit(ref, before)
    const earlier = await deploy.run({ app, push: { ...push, ref, manual: {} } }, { clock: world.clock })
    if (earlier.status !== 'success') throw new Error('`before` could not be deployed', { cause: earlier })
  }
  for (const [file, text] of Object.entries(files)) world.git.write(path, file, text)
  world.git.commit(ref, after)
  prepare(world)

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

function recorder(lines: string[]): Logger {
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARNING'), error: at('ERROR') }
}
