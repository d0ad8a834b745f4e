import type Docker from 'dockerode'
import { taggedName } from '../decisions/tagged-name.ts'
import type { Image } from '../domain/image.ts'

/** Images with one of these names or ids, and every image of an app; those that have both once. */
export async function listImages(
  docker: Docker,
  { app, names }: { readonly app: string; readonly names: readonly string[] },
  abortSignal: AbortSignal,
): Promise<readonly Image[]> {
  const wanted = new Set([...names, ...names.map(taggedName)])
  // All of them: the engine looks at each one either way, and asked for a name tells no other names.
  const images = (await docker.listImages({ abortSignal })).map(readImage)
  return images.filter(
    (image) => image.app === app || [image.id, ...image.names].some((name) => wanted.has(name)),
  )
}

/** Gives an image one more name. */
export async function tagImage(
  docker: Docker,
  image: string,
  name: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const tagged = taggedName(name)
  const colon = tagged.lastIndexOf(':')
  const options = { repo: tagged.slice(0, colon), tag: tagged.slice(colon + 1), abortSignal }
  await docker.getImage(image).tag(options)
}

/** Takes names away; an image goes with its last one, where no container uses it. */
export async function untagImages(
  docker: Docker,
  names: readonly string[],
  abortSignal: AbortSignal,
): Promise<void> {
  for (const name of names.map(taggedName)) {
    try {
      await docker.getImage(name).remove({ abortSignal })
    } catch (error) {
      // Gone already; or its last name, while a container uses it: then it is wanted after all.
      if (!isGoneOrUsed(error)) throw error
    }
  }
}

/**
 * Removes images, one by one and each by itself. Not by the engine's own pruning by label: that takes every unnamed image without
 * a configuration along, whoever's it is.
 */
export async function removeImages(
  docker: Docker,
  ids: readonly string[],
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const removed: string[] = []
  for (const id of ids) {
    try {
      // Without `noprune` what it was made from would go with it, which may be somebody else's.
      await docker.getImage(id).remove({ noprune: true, abortSignal })
      removed.push(id)
    } catch (error) {
      if (!isGoneOrUsed(error)) throw error
    }
  }
  return removed
}

function isGoneOrUsed(error: unknown): boolean {
  return [404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)
}

function readImage({ Id, RepoTags, Labels, Created }: Docker.ImageInfo): Image {
  const { 'fairway.build-key': buildKey, 'fairway.app': app } = (Labels ?? {}) as Partial<
    Record<string, string>
  >
  return {
    id: Id,
    // Older engines say so of a dangling one.
    names: (RepoTags ?? []).filter((name) => name !== '<none>:<none>'),
    createdAt: new Date(Created * 1000).toISOString(),
    ...(buildKey === undefined ? {} : { buildKey }),
    ...(app === undefined ? {} : { app }),
  }
}
