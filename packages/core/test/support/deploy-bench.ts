import { type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Push } from '../../src/domain/push.ts'
import type { Rebuild } from '../../src/domain/rebuild.ts'
import type { Git } from '../../src/executors/git.ts'
import { nodeFiles } from '../../src/executors/node-files.ts'
import { type Outcome, pipeline } from '../../src/pipeline.ts'
import { gitPull } from '../../src/steps/git-pull.ts'
import { shouldRebuild } from '../../src/steps/should-rebuild.ts'
import { fakeClock } from '../../src/testing/fake-clock.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'

export interface Pulled {
  readonly outcome: Outcome<{ rebuild: Rebuild }>
  /** Absent where it went well. */
  readonly error?: unknown
  readonly log: readonly string[]
}

/** What a push to main does to a checkout, up to the decision about rebuilds; Compose alone is a double. */
export async function pullAndDecide(
  git: Git,
  path: string,
  options: Partial<AppOptions> = {},
): Promise<Pulled> {
  const log: string[] = []
  const keep = (message: string): void => void log.push(message)
  const app = defineApp({ name: 'shop', repository: 'ada/shop', path, branch: 'main', ...options })
  const push: Push = { repository: 'ada/shop', ref: 'refs/heads/main', pusher: 'ada' }
  const compose = fakeCompose({ services: [{ name: 'web', replicas: 1 }] })
  const outcome = await pipeline<{ app: typeof app; push: Push }>()
    .use(gitPull({ git, clock: fakeClock() }))
    .use(shouldRebuild({ git, compose, files: nodeFiles() }))
    .run({ app, push }, { log: { debug: keep, info: keep, warn: keep, error: keep } })
  return { outcome, log, ...('error' in outcome ? { error: outcome.error } : {}) }
}
