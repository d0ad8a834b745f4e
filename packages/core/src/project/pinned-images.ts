import type { App } from '../domain/app.ts'
import type { Image } from '../domain/image.ts'
import type { Release } from '../domain/release.ts'
import { DeployError } from '../errors.ts'
import type { Engine } from '../executors/engine.ts'
import type { Call } from '../run.ts'
import { shellWord } from '../shell-word.ts'

/** The names and ids by which the engine is asked for the images of a release. */
export function imagesOf(release: Release | undefined): readonly string[] {
  return Object.values(release?.services ?? {}).flatMap(({ image, tag }) =>
    [image, tag].filter((name) => name !== undefined),
  )
}

/** The images that a release ran, by service. All of them must be here, as going back builds nothing and asks no registry: `no_release`. */
export function pinnedImages(
  { name }: App,
  { commit, services }: Release,
  images: readonly Image[],
): Readonly<Record<string, string>> {
  const pinned = Object.entries(services).flatMap(([service, { image }]) =>
    image === undefined ? [] : [[service, image] as const],
  )
  const missing = pinned
    .filter(([, image]) => !images.some(({ id }) => id === image))
    .map(([service]) => service)
  if (missing.length === 0) return Object.fromEntries(pinned)
  throw new DeployError(
    'no_release',
    `Cannot go back with ${name} to ${commit}: the image that ${missing.join(', ')} ran is not here any more`,
    {
      hint: `Somebody removed it; build it anew with: fairway deploy ${shellWord(name)} --ref ${commit}`,
    },
  )
}

/** The same, to be asked before anything is moved. */
export async function refuseMissingImages(
  app: App,
  release: Release,
  engine: Engine,
  call: Call,
): Promise<void> {
  pinnedImages(app, release, await engine.images({ app: app.name, names: imagesOf(release) }, call))
}
