import type { Release } from '../domain/release.ts'

/** What can be forgotten: releases beyond the newest `keep`, but the current one, and the names of images that no kept release needs. */
export function spareReleases(
  releases: readonly Release[],
  { keep, current }: { readonly keep: number; readonly current: string },
): { readonly releases: readonly Release[]; readonly tags: readonly string[] } {
  const sorted = releases.toSorted((one, other) => (one.id < other.id ? 1 : -1))
  const isKept = ({ id }: Release, index: number): boolean => index < Math.max(keep, 1) || id === current
  const needed = new Set(sorted.filter(isKept).flatMap(tagsOf))
  const spare = sorted.filter((release, index) => !isKept(release, index))
  return { releases: spare, tags: [...new Set(spare.flatMap(tagsOf))].filter((tag) => !needed.has(tag)) }
}

function tagsOf({ services }: Release): readonly string[] {
  return Object.values(services).flatMap(({ tag }) => (tag === undefined ? [] : [tag]))
}
