import type { Release } from '../domain/release.ts'
import type { DesiredService } from './plan-deployment.ts'

/** Services of a release that mount what a deployment since took out of the tree. */
export function lostMounts(services: readonly DesiredService[], release: Release): readonly string[] {
  return Object.entries(release.services)
    .filter(([name, { mounts = {} }]) => {
      const since = services.find((service) => service.name === name)?.mounts ?? {}
      return Object.keys(mounts).some((path) => !Object.hasOwn(since, path))
    })
    .map(([name]) => name)
}
