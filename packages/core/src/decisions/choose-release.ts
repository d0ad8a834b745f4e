import type { Content, Holds, Release } from '../domain/release.ts'
import type { DeployedState } from '../domain/state.ts'
import { findHeld, sameContent } from './hold-content.ts'

export interface ReleaseChoice {
  /** Newest first. */
  readonly releases: readonly Release[]
  /** What the last success recorded. */
  readonly recorded: DeployedState | undefined
  readonly holds: Holds
  /** Id of a deployment, or a commit or a release, or a part of it of at least four characters. */
  readonly to?: string | undefined
}

/**
 * The release to go back to: the one that `to` names; without it the newest of those before the present one, and not what is deployed
 * now nor what is held.
 */
export function chooseRelease({ releases, recorded, holds, to }: ReleaseChoice): Release | undefined {
  if (to !== undefined) return findRelease(releases, to)
  const present = releases.find(({ id }) => id === recorded?.release)
  const deployed = present?.services ?? recorded?.services ?? {}
  return releases.find(
    ({ id, services }) =>
      (present === undefined || id < present.id) &&
      !isSame(services, deployed) &&
      findHeld(holds, services) === undefined,
  )
}

function findRelease(releases: readonly Release[], to: string): Release | undefined {
  const wanted = to.toLowerCase()
  if (wanted.length < 4) return undefined
  return releases.find(
    ({ commit, deployment, id }) =>
      commit.startsWith(wanted) ||
      id.toLowerCase() === wanted ||
      (deployment !== undefined && (deployment.startsWith(wanted) || deployment.endsWith(wanted))),
  )
}

type Services = Readonly<Record<string, Content & { readonly image?: string }>>

/** Whether both are the same services of the same content and images. */
function isSame(one: Services, other: Services): boolean {
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => {
    const [then, now] = [one[name], other[name]]
    return then !== undefined && now !== undefined && then.image === now.image && sameContent(then, now)
  })
}
