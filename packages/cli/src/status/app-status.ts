import { join } from 'node:path'
import type { App, Container, Environment, Holder, Holds, Release } from '@fairway/core'
import { cleanText, parseEnv, projectName } from '@fairway/core/basics'
import { lockHolder } from '@fairway/core/executors'
import type { Deployment, Executors, Journal } from '@fairway/server'

/** Where an app stands. */
export interface AppStatus {
  readonly app: string
  /** Followed branch; null while it isn't known. */
  readonly branch: string | null
  /** Last deployed with success. */
  readonly deployed: { readonly commit: string; readonly deployment: Deployment | null } | null
  /** The one that ended last. */
  readonly last: Deployment | null
  readonly inProgress: readonly Deployment[]
  /** Oldest first. */
  readonly queued: readonly Deployment[]
  readonly containers: readonly Container[]
  /** Why it would not be deployed, or parts of it. */
  readonly holds: Holds
  /** Those that one can go back to, and the one that is deployed; newest first. */
  readonly releases: readonly Release[]
  /** Id of the release that is deployed. */
  readonly release: string | null
  /** Who works on its checkout. */
  readonly lock: Holder | null
  /** What could not be found out, and why. */
  readonly unknown: readonly string[]
}

export interface AppStatusOptions {
  /** Absent where nothing was deployed yet. */
  readonly journal?: Journal
  readonly executors: Executors
  readonly environment: Environment
}

/** Finds out where an app stands; what can't be found out is said instead. */
export async function appStatus(app: App, options: AppStatusOptions): Promise<AppStatus> {
  const { journal, executors, environment } = options
  const unknown: string[] = []
  const attempt = async <T>(what: string, found: Promise<T>): Promise<T | undefined> => {
    try {
      return await found
    } catch (error) {
      unknown.push(`${what}: ${cleanText(error instanceof Error ? error.message : String(error))}`)
      return undefined
    }
  }
  const [kept, containers, lock, known] = await Promise.all([
    attempt('what is deployed', keptIn(app, executors)),
    attempt('what runs', containersOf(app, executors)),
    attempt('who holds its lock', holderOf(app, executors, environment)),
    deploymentsOf(app.name, journal),
  ])
  const { commit, release = null, releases = [], holds = { content: [] } } = kept ?? {}
  return {
    app: app.name,
    branch: app.branch ?? null,
    deployed: commit === undefined ? null : { commit, deployment: known.find(succeededWith(commit)) ?? null },
    last:
      known.filter(({ endedAt, status }) => endedAt !== null && status !== 'superseded').toSorted(byEnd)[0] ??
      null,
    inProgress: known.filter(({ status }) => status === 'in_progress'),
    queued: known.filter(({ status }) => status === 'queued' || status === 'interrupted').toReversed(),
    containers: containers ?? [],
    holds,
    releases,
    release,
    lock: lock ?? null,
    unknown,
  }
}

interface Kept {
  readonly commit: string | undefined
  readonly release: string | undefined
  readonly releases: readonly Release[]
  readonly holds: Holds
}

/** What the checkout itself knows. */
async function keptIn({ name, path }: App, { git }: Executors): Promise<Kept | undefined> {
  if (!(await git.head(path))) return undefined
  const [commit, state, releases, holds] = await Promise.all([
    git.deployed(path, name),
    git.readState(path, name),
    git.releases(path, name),
    git.holds(path, name),
  ])
  return { commit, release: state?.release, releases, holds }
}

/** Every container of an app's Compose project. */
export async function containersOf(
  app: App,
  { engine, files }: Pick<Executors, 'engine' | 'files'>,
): Promise<readonly Container[]> {
  const env = parseEnv((await files.read(join(app.path, '.env'))) ?? '')
  return engine.containers(projectName(app, env))
}

async function holderOf(
  { path }: App,
  { files }: Executors,
  environment: Environment,
): Promise<Holder | undefined> {
  return lockHolder(`checkout:${await files.realPath(path)}`, environment)
}

/** The newest of it; those that wait are among them, as newer ones take their places. */
async function deploymentsOf(app: string, journal: Journal | undefined): Promise<readonly Deployment[]> {
  return (await journal?.deployments({ app, limit: 200 })) ?? []
}

function succeededWith(commit: string): (deployment: Deployment) => boolean {
  return ({ status, commit: deployed }) => status === 'success' && deployed === commit
}

function byEnd(one: Deployment, other: Deployment): number {
  return (other.endedAt ?? '').localeCompare(one.endedAt ?? '')
}
