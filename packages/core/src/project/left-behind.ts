import { contentsOf } from '../decisions/hold-content.ts'
import { lastSuccess } from '../decisions/last-success.ts'
import { touchedServices } from '../decisions/touched-services.ts'
import type { App } from '../domain/app.ts'
import type { Content, Release } from '../domain/release.ts'
import type { DeployedState } from '../domain/state.ts'
import type { Compose } from '../executors/compose.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Run } from '../run.ts'
import { desiredState } from './desired-state.ts'
import { readProject } from './read-project.ts'

/** What a way back leaves. */
export interface LeftBehind {
  readonly commit: string
  readonly services: Readonly<Record<string, Content>>
  readonly deployment?: string
  /** It is not the last success but what failed since, and was left as it is. */
  readonly failed: boolean
}

export interface LeftBehindInput {
  readonly app: App
  readonly recorded: DeployedState | undefined
  readonly releases: readonly Release[]
}

export interface LeftBehindExecutors {
  readonly git: Git
  readonly compose: Compose
  readonly files: Files
  readonly engine: Engine
}

/** What is deployed, as far as is known: the last success, or what failed since and is still there. */
export async function leftBehind(
  input: LeftBehindInput,
  executors: LeftBehindExecutors,
  run: Run,
): Promise<LeftBehind | undefined> {
  const { app, recorded, releases } = input
  const failed = await failedCommit(input, executors, run)
  if (failed !== undefined) {
    return { commit: failed, services: await contentsAt(app, failed, executors, run), failed: true }
  }
  const last = lastSuccess(app.name, recorded, releases)
  if (!last) return undefined
  const { commit, services, deployment } = last
  return { commit, services, failed: false, ...(deployment === undefined ? {} : { deployment }) }
}

/** The commit whose deployment failed and left its containers. */
async function failedCommit(
  { app, recorded, releases }: LeftBehindInput,
  { git, engine }: LeftBehindExecutors,
  run: Run,
): Promise<string | undefined> {
  if (recorded?.project === undefined || recorded.unsettled.length === 0) return undefined
  const head = await git.head(app.path, run)
  const commit = head?.commit
  // An earlier attempt of this very way back has moved there.
  if (commit === recorded.commit || releases.some((release) => release.commit === commit)) return undefined
  const now = await engine.containers(recorded.project, run)
  const plan = { app: app.name, commit: '', services: [] }
  return touchedServices({ plan, before: [], now, recorded }).length > 0 ? commit : undefined
}

async function contentsAt(
  app: App,
  commit: string,
  executors: LeftBehindExecutors,
  run: Run,
): Promise<LeftBehind['services']> {
  try {
    const found = await readProject(app, executors, run)
    const { services } = await desiredState({ app, found, commit, edits: false }, executors, run)
    return contentsOf(services, commit)
  } catch (error) {
    run.signal.throwIfAborted()
    const why = error instanceof Error ? error.message : String(error)
    run.log.warn(`Nothing of ${commit} can be held, as it cannot be read: ${why}`)
    return {}
  }
}
