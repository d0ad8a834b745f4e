import { changedInBuild } from '../decisions/changed-in-build.ts'
import type { DesiredService } from '../decisions/plan-deployment.ts'
import type { App } from '../domain/app.ts'
import type { BuildKey } from '../domain/build-key.ts'
import type { Build, Service } from '../domain/project.ts'
import type { Compose } from '../executors/compose.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'
import { buildKeys } from './build-keys.ts'
import { type CheckedServices, checkServices } from './check-services.ts'
import { configurationDigest } from './configuration-digest.ts'
import { mountedContent } from './mounted-content.ts'
import type { FoundProject } from './read-project.ts'
import { resolveLinks } from './resolve-links.ts'

export interface DesiredStateInput {
  readonly app: App
  readonly found: FoundProject
  readonly commit: string
  /** Whether tracked files that were edited count: not before a pull, which replaces them. */
  readonly edits: boolean
}

export interface DesiredState {
  /** Real path of the checkout. */
  readonly root: string
  readonly services: readonly DesiredService[]
  /** What an operator should know about the configuration. */
  readonly warnings: readonly string[]
  /** Says of a service which of these changed files its build reads. */
  readonly changesOf: (service: string, changed: readonly string[]) => readonly string[]
}

interface DesiredStateExecutors {
  readonly git: Git
  readonly compose: Compose
  readonly files: Files
}

/** The services of a project as a commit wants them: configuration, build keys, content of what they mount. */
export async function desiredState(
  { app, found, commit, edits }: DesiredStateInput,
  executors: DesiredStateExecutors,
  call: Call = {},
  checking: Promise<CheckedServices> = configuredServices({ app, found }, executors, call),
): Promise<DesiredState> {
  const [checked, root] = await Promise.all([checking, executors.files.realPath(app.path)])
  const services = await resolveLinks(checked.services, executors.files)
  const { project } = found
  const [keys, mounts] = await Promise.all([
    buildKeys({ app, project: project.name, commit, services, root, edits }, executors, call),
    mountedContent({ path: app.path, root, commit, project, services }, executors, call),
  ])
  return {
    root,
    services: services.map((service) => withKey(service, keys.get(service.name), mounts.get(service.name))),
    warnings: [...found.warnings, ...checked.warnings],
    changesOf(name, changed) {
      const build = services.find((service) => service.name === name)?.build
      return build ? changesIn(build, root, keys.get(name), changed) : []
    },
  }
}

/** Its services alone, as Compose resolves them, or the reason why they can't be deployed: that takes the least of it. */
export async function configuredServices(
  { app, found }: Pick<DesiredStateInput, 'app' | 'found'>,
  executors: DesiredStateExecutors,
  call: Call = {},
): Promise<CheckedServices> {
  const digest = await configurationDigest(found, executors.files)
  return checkServices(app, found, executors, { ...call, ...(digest === undefined ? {} : { digest }) })
}

function withKey(
  service: Service,
  key: BuildKey | undefined,
  mounts: DesiredService['mounts'] = {},
): DesiredService {
  if (!key) return { ...service, mounts }
  return 'unknown' in key
    ? { ...service, mounts, key: { unknown: key.unknown } }
    : { ...service, mounts, key: { key: key.key }, bases: key.content.services }
}

function changesIn(
  build: Build,
  root: string,
  key: BuildKey | undefined,
  changed: readonly string[],
): readonly string[] {
  const counts = (file: string): boolean => !key || 'unknown' in key || !key.content.isIgnored(file)
  return changedInBuild(build, root, changed.filter(counts))
}
