import type { Image } from '../domain/image.ts'
import type { Release } from '../domain/release.ts'
import type { DeployedState } from '../domain/state.ts'

export interface SpareImagesInput {
  /** Those that the app's label says are its own, and perhaps others. */
  readonly images: readonly Image[]
  readonly app: string
  /** Those that are kept. */
  readonly releases: readonly Release[]
  readonly recorded: DeployedState | undefined
}

/**
 * The images that nothing can need any more: built by Fairway for this app, without any name, and neither of a release nor of what is
 * deployed. Whether a container uses one, the engine knows best. One with a name is left, whoever gave it: another server may have an
 * app of the same name here.
 */
export function spareImages({ images, app, releases, recorded }: SpareImagesInput): readonly string[] {
  const services = [...releases, ...(recorded ? [recorded] : [])].flatMap((one) =>
    Object.values(one.services),
  )
  const needed = new Set(services.map(({ image }) => image))
  return images
    .filter((image) => image.app === app && image.names.length === 0 && !needed.has(image.id))
    .map(({ id }) => id)
}

/** Names that images of kept releases have lost, with the images: whatever removes unnamed ones would take them. */
export function lostNames(
  releases: readonly Release[],
  images: readonly Image[],
): ReadonlyMap<string, string> {
  const known = new Map(images.map(({ id, names }) => [id, names]))
  const services = releases.flatMap((release) => Object.values(release.services))
  return new Map(
    services.flatMap(({ image, tag }) => {
      if (image === undefined || tag === undefined) return []
      return known.get(image)?.includes(tag) === false ? [[tag, image] as const] : []
    }),
  )
}
