import type { Release, ReleasedService } from '../domain/release.ts'
import type { DeployedState, ServiceState } from '../domain/state.ts'

/**
 * What ran after the last success, to go back to: the release that it is, at the commit of that success; undefined before the first.
 * One that was not kept as a release has no id.
 */
export function lastSuccess(
  app: string,
  recorded: DeployedState | undefined,
  releases: readonly Release[],
): Release | undefined {
  const { commit, project, release: id, services = {} } = recorded ?? {}
  const release = releases.find((one) => one.id === id)
  // A success that replaced nothing has no release of its own.
  if (release) return commit === undefined ? release : { ...release, commit }
  if (commit === undefined || project === undefined) return releases[0]
  const released = Object.entries(services).map(([name, state]) => [name, releasedAs(state, commit)] as const)
  return {
    id: '',
    commit,
    ref: '',
    at: '',
    project,
    plan: { app, commit, services: [] },
    services: Object.fromEntries(released),
  }
}

/** As it was recorded before there were releases. */
function releasedAs(
  { build, buildKey, image, configuration, mounts }: ServiceState,
  commit: string,
): ReleasedService {
  const key = buildKey ?? (build === undefined ? undefined : `at ${commit}`)
  return {
    ...(image === undefined ? {} : { image }),
    ...(key === undefined ? {} : { buildKey: key }),
    ...(configuration === undefined ? {} : { configuration }),
    ...(mounts === undefined ? {} : { mounts }),
  }
}
