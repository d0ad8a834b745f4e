import { type AppOptions, defineApp } from '../../src/domain/app.ts'
import type { Pull } from '../../src/domain/pull.ts'
import { DeployError } from '../../src/errors.ts'
import type { Clock } from '../../src/executors/clock.ts'
import type { Environment } from '../../src/executors/environment.ts'
import { simpleGit } from '../../src/executors/simple-git.ts'
import type { Run } from '../../src/run.ts'
import { isSkip } from '../../src/step.ts'
import { gitPull } from '../../src/steps/git-pull.ts'

/** How one push ended: the checkout moved, or the push was refused in words. */
export type Delivered = { readonly pull: Pull } | { readonly refused: DeployError }

/** Runs the real step with the real git for a push of `main`; a bug is thrown on. */
export async function deliver(
  { environment, clock }: { readonly environment: Environment; readonly clock: Clock },
  app: Pick<AppOptions, 'path' | 'branch' | 'url'>,
): Promise<Delivered> {
  const step = gitPull({ git: simpleGit({ environment }), clock })
  const branch = app.branch ?? 'main'
  const push = { repository: 'ada/shop', ref: `refs/heads/${branch}`, pusher: 'ada' }
  try {
    const input = { app: defineApp({ name: 'shop', repository: 'ada/shop', ...app }), push }
    const result = await step.run(input, quietRun())
    if (isSkip(result)) throw new Error(`The push was skipped: ${result.reason}`)
    return result
  } catch (error) {
    if (error instanceof DeployError) return { refused: error }
    throw error
  }
}

function quietRun(): Run {
  const ignore = (): void => {}
  return {
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    signal: new AbortController().signal,
    output: ignore,
    defer: ignore,
  }
}
