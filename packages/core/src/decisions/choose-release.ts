import type { Content, Release } from '../domain/release.ts'
import { sameContent } from './hold-content.ts'

/** What is deployed now. */
export interface Deployed {
  readonly commit?: string
  readonly services: Readonly<Record<string, Content & { readonly image?: string }>>
}

/**
 * The release to go back to: without `to` the newest that isn't what is deployed now; else the one of that deployment
 * or commit, by its id or a part of at least four characters. `releases`: newest first.
 */
export function chooseRelease(
  releases: readonly Release[],
  deployed: Deployed,
  to?: string,
): Release | undefined {
  if (to === undefined) return releases.find((release) => !isDeployed(release, deployed))
  const wanted = to.toLowerCase()
  if (wanted.length < 4) return undefined
  return releases.find(
    ({ commit, deployment, id }) =>
      commit.startsWith(wanted) ||
      id.toLowerCase() === wanted ||
      (deployment !== undefined && (deployment.startsWith(wanted) || deployment.endsWith(wanted))),
  )
}

/** Whether a release is what runs: the same services of the same content and images. */
function isDeployed({ services }: Release, deployed: Deployed): boolean {
  const names = Object.keys(services)
  if (names.length !== Object.keys(deployed.services).length) return false
  return names.every((name) => {
    const [then, now] = [services[name], deployed.services[name]]
    return then !== undefined && now !== undefined && then.image === now.image && sameContent(then, now)
  })
}
